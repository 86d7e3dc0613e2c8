using System.Text.Json;
using CortexMl.Chain;
using CortexMl.Diagnostics;
using CortexMl.Evm.Compiling;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Contracts that are deployed and called, with the network of the tutorial.</summary>
public sealed class ContractSimulationTests(ContractSimulationTests.Dapp dapp) : IClassFixture<ContractSimulationTests.Dapp>
{
    private const long InferArrayGas = 1_000_000;

    private static readonly string s_digit = Repository.Path("golden", "chain", "digit-7.png");

    public sealed class Dapp : IDisposable
    {
        public Dapp()
        {
            string model = Repository.Path("golden", "models", "mnist-dapp");
            Assert.Equal(0, CliRun.Of("compile", model, "-o", Folder["dapp"], "--input", "data=1,1,28,28", "--data",
                Path.Combine(model, "calibration.npy"), "--scale", "1/255", "--samples", "16", "--quiet").Exit);
            Assert.Equal(0, CliRun.Of("chain", "contract", Folder["dapp"], "--name", "DigitRecognition", "-o", Source).Exit);
            foreach (string file in (string[])["DigitRecognition.json", "Referee.sol", "Referee.json"])
                File.Copy(Repository.Path("golden", "chain", file), Folder[file]);
        }

        internal TemporaryFolder Folder { get; } = new();

        public string Source => Folder["DigitRecognition.sol"];

        public void Dispose() => Folder.Dispose();
    }

    private (int Exit, string Output, string Error) Simulate(string contract, params string[] words)
    {
        var run = CliRun.Of(["chain", "simulate", dapp.Folder["dapp"], "--contract", dapp.Folder[contract], .. words]);
        return (run.Exit, run.Output, run.Error);
    }

    private JsonElement Json(string contract, params string[] words)
    {
        var (exit, output, error) = Simulate(contract, [.. words, "--json"]);
        Assert.True(exit == 0, error + output);
        SchemaTests.AssertValid("contract", output);
        return JsonDocument.Parse(output).RootElement;
    }

    private static JsonElement Called(JsonElement report, string call) =>
        Assert.Single(report.GetProperty("calls").EnumerateArray(), c => c.GetProperty("call").GetString() == call);

    private static string? Reason(JsonElement report, string call) => Called(report, call).GetProperty("reason").GetString();

    private static string Value(JsonElement call) => call.GetProperty("returns")[0].GetProperty("value").GetString()!;

    [Fact]
    public void The_tutorials_contract_reads_the_digit()
    {
        var report = Json("DigitRecognition.sol", "--data", s_digit, "--call", "!score(10)", "--call", "!SetInput([1])");
        Assert.Equal("7", Value(Called(report, "currentInferResult()")));
        string[] scores = [.. Enumerable.Range(0, 10).Select(i => Value(Called(report, $"score({i})")))];
        string plain = CliRun.Of("chain", "simulate", dapp.Folder["dapp"], "--data", s_digit, "--json").Output;
        var answer = JsonDocument.Parse(plain).RootElement;
        Assert.Equal(answer.GetProperty("outputs")[0].GetProperty("integers").EnumerateArray().Select(s => s.GetRawText()), scores);
        foreach (string refused in (string[])["!score(10)", "!SetInput([1])"])
            Assert.Equal(("reverted", "no reason given"),
                (Called(report, refused).GetProperty("status").GetString(), Called(report, refused).GetProperty("reason").GetString()));
        var infer = Called(report, "DigitRecognitionInfer()");
        Assert.Equal(InferArrayGas, infer.GetProperty("inferenceGas").GetInt64());
        long paid = report.GetProperty("calls").EnumerateArray().Where(c => !c.GetProperty("isReadOnly").GetBoolean())
            .Append(report.GetProperty("deployment")).Sum(c => c.GetProperty("gas").GetInt64());
        Assert.Equal((paid, InferArrayGas), (report.GetProperty("gas").GetInt64(), report.GetProperty("inferenceGas").GetInt64()));
        Assert.InRange(infer.GetProperty("gas").GetInt64() - InferArrayGas, 21_000, 200_000);
    }

    [Fact]
    public void What_is_shown_is_the_same_twice()
    {
        string[] words = ["--data", s_digit, "--call", "InferAccount(input)", "--call", "!score(10)"];
        var first = Simulate("DigitRecognition.sol", words);
        Assert.Equal(first, Simulate("DigitRecognition.sol", words));
        Assert.Contains("ok   DigitRecognitionInfer()  gas 1,1", first.Output);
        Assert.Contains("ok   !score(10)  reverted: no reason given\n", first.Output);
        Assert.Contains("ok   currentInferResult() = 7\n", first.Output);
        Assert.Matches("\ntotal gas [0-9,]+: execution [0-9,]+, inference 1,001,745\n$", first.Output);
        string[] json = [.. words, "--json"];
        Assert.Equal(Simulate("DigitRecognition.sol", json).Output, Simulate("DigitRecognition.sol", json).Output);
    }

    [Fact]
    public void A_contract_of_ones_own_shows_events_reasons_and_storage()
    {
        var report = Json("Referee.sol", "--constructor", "model, 7", "--data", s_digit, "--call", "show()", "--call", "ask(3)", "--call",
            "!show()", "--call", "!short()", "--call", "!elsewhere(this)", "--call", "!nothing(8)", "--call",
            "points(0x00000000000000000000000000000000000000aa)");
        var shown = Called(report, "show()").GetProperty("events")[0];
        Assert.Equal("Shown(address,uint256,int256,string)", shown.GetProperty("event").GetString());
        Assert.Equal(["player", "digit", "score", "words"],
            shown.GetProperty("values").EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        Assert.Equal("well shown", shown.GetProperty("values")[3].GetProperty("value").GetString());
        Assert.Equal("another digit was asked for", Reason(report, "!show()"));
        Assert.Equal("the output of 40 bytes does not fit an array of 1 word", Reason(report, "!short()"));
        Assert.StartsWith("there is no model at ", Reason(report, "!elsewhere(this)"));
        Assert.StartsWith("an invalid instruction ", Reason(report, "!nothing(8)"));
        Assert.Equal("1", Value(Called(report, "points(0x00000000000000000000000000000000000000aa)")));
        Assert.Equal("3", Value(Called(report, "wanted()")));
        var change = Assert.Single(Called(report, "ask(3)").GetProperty("changes").EnumerateArray());
        Assert.EndsWith("7", change.GetProperty("before").GetString());
        Assert.EndsWith("3", change.GetProperty("after").GetString());
    }

    [Fact]
    public void A_loop_without_end_ends_with_the_gas()
    {
        var (exit, output, _) = Simulate("Referee.sol", "--constructor", "model, 7", "--call", "forever()", "--gas-limit", "1000000");
        Assert.Equal(1, exit);
        Assert.Contains("NOT  forever()  failed: out of gas at byte ", output);
        Assert.Contains("  gas 1,000,000\n", output);
    }

    [Theory]
    [InlineData(1, "CML1055", "--constructor", "model, 17")]
    [InlineData(2, "CML1056", "--constructor", "model")]
    [InlineData(2, "CML1056")]
    [InlineData(2, "CML1011", "--constructor", "model, seven")]
    [InlineData(2, "CML1056", "--constructor", "model, 7", "--call", "shew()")]
    [InlineData(2, "CML1056", "--constructor", "model, 7", "--call", "ask(1, 2)")]
    [InlineData(2, "CML1056", "--constructor", "model, 7", "--call", "ask(1")]
    [InlineData(2, "CML1001", "--constructor", "model, 7", "--model-address", "0xno")]
    [InlineData(1, "CML1055", "--constructor", "model, 7", "--gas-limit", "60000")]
    public void What_does_not_fit_is_refused_before_anything_runs(int exit, string code, params string[] words)
    {
        var run = Simulate("Referee.sol", words);
        Assert.Equal((exit, ""), (run.Exit, run.Output));
        Assert.Contains($"error {code}: ", run.Error);
    }

    [Fact]
    public void Options_of_a_contract_need_one_and_those_of_words_say_nothing_beside_it()
    {
        Assert.Contains(
            "error CML0940: --call needs a contract", CliRun.Of("chain", "simulate", dapp.Folder["dapp"], "--call", "f()").Error);
        Assert.Contains("error CML0940: --output-words and --contract exclude each other",
            Simulate("Referee.sol", "--constructor", "model, 7", "--output-words", "2").Error);
    }

    [Fact]
    public void Recorded_code_of_another_source_is_refused()
    {
        string source = File.ReadAllText(dapp.Folder["Referee.sol"]);
        dapp.Folder.Write("other/Referee.sol", source.Replace("< 10", "< 9", StringComparison.Ordinal));
        string[] words = ["--constructor", "model, 7"];
        File.Copy(dapp.Folder["Referee.json"], dapp.Folder["other/Referee.json"]);
        Assert.Contains("error CML1053: the code was recorded of another source", Simulate("other/Referee.sol", words).Error);
        File.Delete(dapp.Folder["other/Referee.json"]);
        Assert.Contains("error CML1050: there is no compiler for 'Referee.sol'", Simulate("other/Referee.sol", words).Error);
        Assert.Contains("error CML1050: ", Simulate("Referee.sol", [.. words, "--solc", dapp.Folder["nowhere"]]).Error);
    }

    [SkippableTheory]
    [InlineData("DigitRecognition", "DigitRecognition.sol")]
    [InlineData("Referee", "Referee.sol")]
    public void Recorded_code_is_what_the_compiler_makes_of_the_source_without_a_warning(string name, string file)
    {
        var compiler = SolidityCompiler.Find(Repository.Path("tools", "chain"));
        Skip.If(compiler is null, "there is no solc: run npm install in tools/chain");
        var notes = new DiagnosticBag();
        string source = File.ReadAllText(dapp.Folder[file]);
        var code = compiler.Compile(source, null, file, notes);
        Assert.Empty(notes.Items);
        var recorded = ContractCode.OfArtefact(File.ReadAllBytes(dapp.Folder[name + ".json"]), file, source, notes);
        Assert.Equal(Hex.Of(WithoutDigest(recorded.Deployment)), Hex.Of(WithoutDigest(code.Deployment)));
    }

    [SkippableFact]
    public void What_the_compiler_refuses_is_said_with_its_place()
    {
        var compiler = SolidityCompiler.Find(Repository.Path("tools", "chain"));
        Skip.If(compiler is null, "there is no solc: run npm install in tools/chain");
        var error = Assert.Throws<DiagnosticException>(() =>
            compiler.Compile("pragma solidity ^0.4.22;\ncontract A {\n    uint a = b;\n}\n", null, "A.sol", new DiagnosticBag()))
            .Diagnostics[0];
        Assert.Equal(("CML1051", "A.sol", 3), (error.Code, error.Location!.File, error.Location.Line));
        Assert.Equal("CML1051", Assert.Throws<DiagnosticException>(() =>
            compiler.Compile("contract A { } contract B { }", null, "A.sol", new DiagnosticBag())).Diagnostics[0].Code);
    }

    /// <summary>The last 43 bytes are a digest of the source, comments and all.</summary>
    private static byte[] WithoutDigest(byte[] code) => code[..^43];
}
