using System.Globalization;
using System.Numerics;
using CortexMl.Chain;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;
using CortexMl.Evm;
using CortexMl.Evm.Calling;
using CortexMl.Evm.Compiling;
using CortexMl.Evm.Machine;
using Nethereum.Util;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>Code by hand, in which 0xc0 and 0xc1 stand as Cortex's compiler writes them; the model is a function of bytes.</summary>
public sealed class MachineTests
{
    private const string Model = "000000000000000000000000000000000000c0de", Data = "00000000000000000000000000000000000000da";

    /// <summary>Stores two words as an array at place 0, and makes an array of two words at 0x40 of the memory.</summary>
    private static string Prepared(string first, string second) =>
        $"6002600055 7f{first} 7f{First(0)} 55 7f{second} 7f{First(1)} 55 6002604052 6000608052";

    /// <summary>Returns what stands in the array and what the instruction returned, three words.</summary>
    private const string Returned = "60a052 60606060f3";

    private static string First(int index) =>
        Word(new BigInteger(Sha3Keccack.Current.CalculateHash(new byte[32]), isUnsigned: true, isBigEndian: true) + index);

    private static string Word(BigInteger number) => number.ToString("x64", CultureInfo.InvariantCulture)[^64..];

    private static string Call(string model, string input, string opcode) => $"6040 73{input} 73{model} {opcode}";

    private static readonly string s_place0 = new('0', 40);

    private static (CallReport Call, ContractReport Report) Run(
        string runtime, EvmLimits? limits = null, Func<byte[], byte[]>? model = null, IReadOnlyList<CallText>? calls = null)
    {
        byte[] code = Convert.FromHexString(runtime.Replace(" ", "", StringComparison.Ordinal));
        // The rest is the contract: PUSH2 length, DUP1, PUSH1 12, PUSH1 0, CODECOPY, PUSH1 0, RETURN.
        string deployed = $"61{code.Length:x4}80600c6000396000f3{Convert.ToHexStringLower(code)}";
        var abi = ContractAbi.Read("""
            [{"type": "function", "name": "go", "inputs": [], "outputs": [{"type": "uint256[3]", "name": ""}]}]
            """u8, "abi", new DiagnosticBag());
        var account = new CalledModel(
            Convert.FromHexString(Model), InputLength: 40, InferGas: 123, InferArrayGas: 1_000_000,
            Run: model ?? (input => [.. input[..40].Reverse()]))
        {
            Input = new CalledInput(Convert.FromHexString(Data), [.. Enumerable.Range(100, 40).Select(i => (byte)i)]),
        };
        var report = ContractRun.Of(ContractCode.OfHex("Go", deployed, abi), account,
            new CallPlan { Calls = calls ?? [CallText.Parse("go()")] }, limits ?? new EvmLimits(), new DiagnosticBag());
        return (report.Calls[0], report);
    }

    private static string Words(CallReport call) => string.Join(' ', call.Returns[0].Value!.AsArray()
        .Select(word => Word(BigInteger.Parse(word!.GetValue<string>(), CultureInfo.InvariantCulture))));

    private static readonly string s_first = Convert.ToHexStringLower([.. Enumerable.Range(1, 32).Select(i => (byte)i)]),
        s_second = Convert.ToHexStringLower([.. Enumerable.Range(33, 32).Select(i => (byte)i)]),
        s_backwards = Convert.ToHexStringLower([.. Enumerable.Range(1, 40).Reverse().Select(i => (byte)i)]) + new string('0', 48);

    [Fact]
    public void Inferarray_takes_the_words_of_storage_and_writes_those_of_the_output()
    {
        var (call, report) = Run(Prepared(s_first, s_second) + Call(Model, s_place0, "c1") + Returned);
        Assert.Equal($"{s_backwards[..64]} {s_backwards[64..]} {new string('0', 63)}1", Words(call));
        Assert.Equal((CallStatus.Succeeded, 1_000_000L, 1), (call.Status, call.InferenceGas, call.Inferences));
        Assert.InRange(call.Gas - call.InferenceGas, 21_000, 100_000);
        Assert.Equal(3, report.Storage.Count);
        Assert.Equal(3, call.Changes.Count);
    }

    [Fact]
    public void Infer_takes_an_account_of_input_data()
    {
        var (call, _) = Run(Prepared(s_first, s_second) + Call(Model, Data, "c0") + Returned);
        Assert.StartsWith(Convert.ToHexStringLower([.. Enumerable.Range(108, 32).Reverse().Select(i => (byte)i)]), Words(call));
        Assert.Equal(123, call.InferenceGas);
    }

    [Theory]
    [InlineData("c0", Model, Model, "there is no account of input data at 0x000000000000000000000000000000000000c0de")]
    [InlineData("c1", Data, "0000000000000000000000000000000000000000", "there is no model at 0x00000000000000000000000000000000000000da")]
    [InlineData("c1", Model, "0000000000000000000000000000000000000007", "too short")]
    public void An_inference_that_fails_takes_all_gas_and_leaves_nothing(string opcode, string model, string input, string reason)
    {
        var (call, report) = Run(Prepared(s_first, s_second) + Call(model, input, opcode) + Returned, model: given =>
            given.Length >= 40 ? given : throw new DiagnosticException(EvmCodes.Call, "too short", failure: FailureClass.Logic));
        Assert.Equal((CallStatus.Failed, EvmLimits.DefaultGas, false), (call.Status, call.Gas, call.IsExpected));
        Assert.StartsWith(reason, call.Reason);
        Assert.Empty(report.Storage);
    }

    [Fact]
    public void An_output_array_that_is_too_short_fails_the_call() =>
        Assert.Equal("the output of 65 bytes does not fit an array of 2 words",
            Run(Prepared(s_first, s_second) + Call(Model, s_place0, "c1") + Returned, model: _ => new byte[65]).Call.Reason);

    [Fact]
    public void An_output_array_beyond_memory_fails_the_call() =>
        Assert.Equal("the output array lies outside of memory",
            Run($"62ffffff 73{s_place0} 73{Model} c1").Call.Reason);

    [Fact]
    public void Inference_that_cannot_be_paid_is_out_of_gas()
    {
        var (call, _) = Run(Prepared(s_first, s_second) + Call(Model, s_place0, "c1") + Returned, new EvmLimits { Gas = 1_000_000 });
        Assert.Equal(("out of gas: the inference costs 1000000", 0L), (call.Reason, call.InferenceGas));
    }

    [Theory]
    [InlineData("5b600056", "out of gas at byte ")]
    [InlineData("fe", "an invalid instruction at byte 0")]
    [InlineData("0c", "there is no instruction 0x0c, at byte 0")]
    [InlineData("01", "ADD, at byte 0 of the code: too few values")]
    [InlineData("c1", "an inference at byte 0 of the code without its three values")]
    [InlineData("61ffff56", "JUMP, at byte 3 of the code: ")]
    [InlineData("600035c0", "an inference at byte 3 of the code without its three values")]
    [InlineData("7f", "reverted")]
    public void Code_that_goes_wrong_says_how(string runtime, string reason)
    {
        var (call, report) = Run(runtime, new EvmLimits { Gas = 300_000 });
        if (reason == "reverted") Assert.Equal(CallStatus.Succeeded, call.Status);
        else Assert.StartsWith(reason, call.Reason);
        Assert.False(report.IsExpected && reason != "reverted");
    }

    [Fact]
    public void A_loop_ends_with_its_time()
    {
        var found = Assert.Throws<DiagnosticException>(() =>
            Run("5b600056", new EvmLimits { Gas = EvmLimits.MostGas, Time = TimeSpan.FromMilliseconds(200) })).Diagnostics[0];
        Assert.Equal(EvmCodes.Time, found.Code);
    }

    [Fact]
    public void What_is_no_code_is_refused()
    {
        var abi = new ContractAbi("", []);
        Refused.With(EvmCodes.Code, () => ContractCode.OfHex("Go", "", abi));
        Refused.With(EvmCodes.Code, () => ContractCode.OfHex("Go", "60__Math______", abi));
        Refused.With(EvmCodes.Code, () => ContractCode.OfHex("Go", new string('0', 1 << 20), abi));
        Refused.With(ChainCodes.Hex, () => ContractCode.OfHex("Go", "6", abi));
        Refused.With(EvmCodes.Code, () => Artefact("[]"u8));
        Refused.With(EvmCodes.Code, () => Artefact("""{"abi": [], "bytecode": 7}"""u8));

        static ContractCode Artefact(ReadOnlySpan<byte> json) =>
            ContractCode.OfArtefact(json.ToArray(), "a.json", null, new DiagnosticBag());
    }

    [Theory]
    [InlineData("")]
    [InlineData("!")]
    [InlineData("9(1)")]
    [InlineData("f(1")]
    [InlineData("f([1)")]
    [InlineData("f(\"a)")]
    public void What_is_no_call_is_refused(string text) => Refused.With(EvmCodes.Call, () => CallText.Parse(text));

    [Fact]
    public void Arguments_of_a_call_are_parted_at_their_own_commas()
    {
        var call = CallText.Parse("! f ( [1, 2], \"a, \\\"b\", {\"x\": [3]}, model )");
        Assert.Equal(("f", true), (call.Name, call.MustFail));
        Assert.Equal(["[1, 2]", "\"a, \\\"b\"", "{\"x\": [3]}", "model"], call.Arguments);
        Assert.Empty(CallText.Parse("f()").Arguments);
        Assert.Empty(CallText.Parse("f").Arguments);
    }
}
