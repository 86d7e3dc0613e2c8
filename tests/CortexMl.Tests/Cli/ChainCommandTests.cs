using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>The way from a compiled folder to a call, by commands alone.</summary>
public sealed class ChainCommandTests : IDisposable
{
    private readonly TinyModel _tiny = new();
    private readonly string _package;

    public ChainCommandTests()
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        _package = _tiny.Folder["package"];
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", _package, "--author-gas", "9").Exit);
    }

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Pack_writes_the_folder_the_torrent_and_the_figures()
    {
        Assert.Equal(["data/params", "data/symbol"],
            Directory.EnumerateFiles(Path.Combine(_package, "data")).Select(f => "data/" + Path.GetFileName(f))
            .Order(StringComparer.Ordinal));
        var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(_package, "model.json"))).RootElement;
        var torrent = JsonDocument.Parse(CliRun.Of("chain", "meta", Path.Combine(_package, "data.torrent")).Output).RootElement;
        Assert.Equal(torrent.GetProperty("infoHash").GetString(), report.GetProperty("infoHash").GetString());
        var account = JsonDocument.Parse(CliRun.Of("chain", "meta", report.GetProperty("accountCode").GetString()!).Output).RootElement;
        Assert.Equal("0x" + report.GetProperty("infoHash").GetString(), account.GetProperty("hash").GetString());
        Assert.Equal(("[1,4,4]", "[3]", 9),
            (Compact(account, "inputShape"), Compact(account, "outputShape"), account.GetProperty("gas").GetInt32()));
        Assert.Equal(report.GetProperty("accountCode").GetString() + "\n", CliRun.With(account.GetRawText(), "chain", "meta", "-").Output);
    }

    [Fact]
    public void Packing_again_writes_the_same_bytes()
    {
        string again = _tiny.Folder["again"];
        CliRun.Of("chain", "pack", _package, "-o", again, "--author-gas", "9");
        foreach (string file in (string[])["data.torrent", "model.json", "data/symbol", "data/params"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(_package, file)), File.ReadAllBytes(Path.Combine(again, file)));
    }

    [Fact]
    public void Whatever_the_chain_would_refuse_is_a_warning()
    {
        var run = CliRun.Of("chain", "pack", _tiny.Out, "-o", _package, "--author-gas", "20001", "--quiet", "--json");
        Assert.Equal(0, run.Exit);
        Assert.Contains("warning CML1032: an author's gas of 20001; at most 20000 is allowed", run.Error);
        Assert.Equal(1, JsonDocument.Parse(run.Output).RootElement.GetProperty("warnings").GetArrayLength());
    }

    [Fact]
    public void A_call_answers_what_run_predicts()
    {
        string call = _tiny.Folder["call.hex"], words = _tiny.Folder["words.json"];
        for (int sample = 0; sample < 6; sample++)
        {
            Assert.Equal(
                0, CliRun.Of("chain", "input", _package, _tiny.Data, "--sample", $"{sample}", "--format", "calldata", "-o", call).Exit);
            var run = CliRun.Of("chain", "simulate", _package, "--calldata", call, "-o", words);
            Assert.Contains("input 16 of 32 bytes, ", run.Error);
            string predicted = CliRun.Of("run", _tiny.Out, "--data", _tiny.Data).Output.Split('\n')[sample + 1].Split(',')[2];
            Assert.Equal(predicted, run.Output.Split('\n')[1].Split(',')[0]);
            Assert.Equal(run.Output, CliRun.Of("chain", "output", _package, words).Output);
        }
    }

    [Fact]
    public void A_call_with_a_gap_and_a_word_left_over_is_simulated_as_the_contract_takes_it()
    {
        string call = CliRun.Of("chain", "input", _package, _tiny.Data, "--format", "calldata").Output.Trim(), zeros = new('0', 64);
        var plain = CliRun.Of("chain", "simulate", _package, "--calldata", call);
        var trailing = CliRun.Of("chain", "simulate", _package, "--calldata", call + zeros);
        // 0x, the selector, the offset of the array: now a word further
        var gap = CliRun.Of("chain", "simulate", _package, "--calldata", call[..10] + zeros[2..] + "40" + zeros + call[74..]);
        Assert.Equal((0, plain.Output), (trailing.Exit, trailing.Output));
        Assert.Equal((0, plain.Output), (gap.Exit, gap.Output));
        Assert.DoesNotContain("warning", plain.Error);
        Assert.Contains("warning CML1014: 32 bytes follow the last value", trailing.Error);
        Assert.Contains("warning CML1014: a value of uint256[] stands at offset 64, where an encoder puts it at 32", gap.Error);
    }

    [Fact]
    public void Words_call_data_and_arrays_are_the_same_input()
    {
        string words = CliRun.Of("chain", "input", _package, "--data", _tiny.Data).Output;
        string call = CliRun.Of("chain", "input", _package, _tiny.Data, "--format", "calldata").Output;
        Assert.Equal(call, CliRun.With(words, "chain", "calldata", "SetInput(uint256[])", "-").Output);
        var decoded = JsonDocument.Parse(CliRun.With(call, "chain", "decode", "SetInput(uint256[])", "-", "--json").Output).RootElement;
        Assert.Equal("uint256[]", decoded.GetProperty("values")[0].GetProperty("type").GetString());
        string prepared = CliRun.Of("chain", "simulate", _package, "--data", _tiny.Data, "--json").Output;
        string direct = prepared.Replace(",\n  \"preparation\": \"--scale 1/255\"", "", StringComparison.Ordinal);
        Assert.Equal(direct, CliRun.With(words, "chain", "simulate", _package, "--words", "-", "--json").Output);
        Assert.Equal(direct, CliRun.With(call, "chain", "simulate", _package, "--calldata", "-", "--json").Output);
        var array = NpyReader.Read(CliRun.Of("chain", "input", _package, _tiny.Data, "--format", "npy").Bytes, "stdout");
        Assert.Equal((Shape.Of(1, 4, 4), DType.I8), (array.Shape, array.DType));
        Assert.Equal(words, CliRun.Of("chain", "input", _package, _tiny.WriteNpy("data", array), "--integer").Output);
    }

    [Fact]
    public void Classes_have_names()
    {
        string names = _tiny.Folder.Write("names.txt", "cat\ndog\ncow\n");
        var run = CliRun.Of("chain", "simulate", _package, "--data", _tiny.Data, "--names", names);
        Assert.StartsWith("class,score,real,name\n", run.Output);
        string[] best = run.Output.Split('\n')[1].Split(',');
        Assert.Equal(((string[])["cat", "dog", "cow"])[int.Parse(best[0], System.Globalization.CultureInfo.InvariantCulture)], best[3]);
    }

    [Theory]
    [InlineData(1, "CML0441", "simulate", "PACKAGE", "--words", "[]")]
    [InlineData(1, "CML1021", "simulate", "PACKAGE", "--words", "[0]", "--output-words", "0")]
    [InlineData(2, "CML0940", "simulate", "PACKAGE")]
    [InlineData(2, "CML1013", "simulate", "PACKAGE", "--calldata", "0x12345678")]
    [InlineData(2, "CML1010", "simulate", "PACKAGE", "--calldata", "0x", "--function", "f(uint8)")]
    [InlineData(2, "CML1001", "meta", "0x0g")]
    [InlineData(2, "CML1003", "meta", "0x0003")]
    [InlineData(2, "CML1002", "meta", "0x0001ff")]
    [InlineData(2, "CML1004", "meta", "{}")]
    [InlineData(2, "CML0101", "meta", "nowhere")]
    [InlineData(2, "CML1011", "calldata", "f(uint8)", "256")]
    [InlineData(2, "CML0940", "calldata", "f(uint8)")]
    [InlineData(2, "CML1012", "decode", "f() returns (uint8)", "0x00", "--returns")]
    [InlineData(2, "CML1020", "output", "PACKAGE", "[]")]
    [InlineData(2, "CML1040", "contract", "PACKAGE", "--name", "a b")]
    [InlineData(2, "CML0805", "input", "PACKAGE", "DATA", "--sample", "6")]
    [InlineData(2, "CML0807", "input", "PACKAGE")]
    [InlineData(2, "CML1007", "pack", "PACKAGE", "-o", "OUT", "--piece-length", "1000")]
    public void Mistakes_are_coded(int exit, string code, params string[] args)
    {
        var run = CliRun.Of(
            ["chain", .. args.Select(a =>
            a switch { "PACKAGE" => _package, "DATA" => _tiny.Data, "OUT" => _tiny.Folder["other"], _ => a })]);
        Assert.Equal((exit, ""), (run.Exit, run.Output));
        Assert.Contains($"error {code}: ", run.Error);
    }

    [Fact]
    public void A_float_model_is_not_for_the_chain()
    {
        var run = CliRun.Of("chain", "pack", _tiny.Model, "-o", _tiny.Folder["other"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0924: ", run.Error);
        Assert.False(Directory.Exists(_tiny.Folder["other"]));
    }

    [Fact]
    public void Wrong_usage_points_to_the_command() =>
        Assert.Contains("help: cortexml chain pack --help", CliRun.Of("chain", "pack", _tiny.Out).Error);

    [Theory]
    [InlineData("pack")]
    [InlineData("meta")]
    [InlineData("input")]
    [InlineData("output")]
    [InlineData("calldata")]
    [InlineData("decode")]
    [InlineData("contract")]
    [InlineData("simulate")]
    public void Help_teaches_by_example(string command) =>
        Assert.Contains($"cortexml chain {command} ", CliRun.Of("chain", command, "--help").Output.Split("Examples:")[1]);

    [Fact]
    public void The_tutorial_reads_the_digit()
    {
        string dapp = Repository.Path("golden", "models", "mnist-dapp"), digit = Repository.Path("golden", "chain", "digit-7.png");
        Assert.Equal(0,
            CliRun.Of("compile", dapp, "-o", _tiny.Folder["dapp"], "--input", "data=1,1,28,28", "--data",
            Path.Combine(dapp, "calibration.npy"), "--scale", "1/255", "--samples", "16", "--quiet").Exit);
        string package = _tiny.Folder["dapp-package"];
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Folder["dapp"], "-o", package).Exit);
        Assert.Contains("require(inputData.length == 25);", CliRun.Of("chain", "contract", package, "--name", "DigitRecognition").Output);
        string call = CliRun.Of("chain", "input", package, digit, "--format", "calldata").Output;
        Assert.StartsWith("0x", call);
        Assert.StartsWith("class,score,real\n7,", CliRun.With(call, "chain", "simulate", package, "--calldata", "-").Output);
    }

    private static string Compact(JsonElement json, string member) =>
        string.Concat(json.GetProperty(member).GetRawText().Where(c => !char.IsWhiteSpace(c)));
}
