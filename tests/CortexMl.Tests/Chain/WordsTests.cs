using CortexMl.Chain;
using CortexMl.Chain.Words;
using CortexMl.Chaining;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Running;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>Tensor, words, engine, words, tensor: in both element sizes.</summary>
public sealed class WordsTests
{
    [Fact]
    public void Narrow_elements_fill_a_word_from_its_most_significant_byte()
    {
        using var model = new EchoModel(8, "", [1, 33]);
        byte[] words = InputWords.Pack(model.Cvm, Tensor.Create(Shape.Of(1, 33), [1, -1, 127, -127, .. new int[28], 5]));
        Assert.Equal("[\n  \"0x01ff7f81" + Zeros(28) + "\",\n  \"0x05" + Zeros(31) + "\"\n]\n", ChainWords.Print(words));
        Assert.Equal(2, InputWords.Count(model.Cvm));
    }

    [Fact]
    public void Wide_elements_are_big_endian()
    {
        using var model = new EchoModel(16, "", [1, 9]);
        byte[] words = InputWords.Pack(model.Cvm, Tensor.Create(Shape.Of(1, 9), [1, -2, 300, .. new int[5], -30000]));
        Assert.Equal(
            "[\n  \"0x00000001fffffffe0000012c" + Zeros(20) + "\",\n  \"0xffff8ad0" + Zeros(28) + "\"\n]\n", ChainWords.Print(words));
        Assert.Equal(2, InputWords.Count(model.Cvm));
    }

    [Theory]
    [InlineData(8, 3, 32)]
    [InlineData(8, 32, 32)]
    [InlineData(8, 33, 64)]
    [InlineData(9, 3, 32)]
    [InlineData(9, 8, 32)]
    [InlineData(9, 9, 64)]
    public void What_goes_in_comes_out(int precision, int elements, int bytes)
    {
        using var model = new EchoModel(precision, "", [1, elements]);
        int[] values = [.. Enumerable.Range(0, elements).Select(i => i * 7 % 200 - 100)];
        byte[] words = InputWords.Pack(model.Cvm, Tensor.Create(Shape.Of(1, elements), values));
        var result = Simulation.Run(model.Model, words, null, new RunOptions());
        Assert.Equal(words, result.Output);
        Assert.Equal(bytes, words.Length);
        Assert.Equal(values, Assert.Single(OutputWords.Read(model.Cvm, result.Output)).Data);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public void A_longer_input_is_cut_and_a_shorter_one_fails_the_call(int precision)
    {
        using var model = new EchoModel(precision, "", [1, 20]);
        byte[] words = new byte[InputWords.Count(model.Cvm) * 32];
        Array.Fill(words, (byte)1);
        byte[] needed = Simulation.Run(model.Model, words, null, new RunOptions()).Output;
        Assert.Equal(needed, Simulation.Run(model.Model, [.. words, .. new byte[64]], null, new RunOptions()).Output);
        // What fills the last word is not part of the input, so it does not come out.
        Assert.All(needed[(int)model.Cvm.OutputLength..], b => Assert.Equal(0, b));
        Fails(CvmCodes.InputLength, () => Simulation.Run(model.Model, words[..^32], null, new RunOptions()));
    }

    [Theory]
    [InlineData(8, 33)]
    [InlineData(9, 9)]
    public void An_output_array_is_filled_with_zeros_and_must_not_be_too_short(int precision, int elements)
    {
        using var model = new EchoModel(precision, "", [1, elements]);
        byte[] words = InputWords.Pack(model.Cvm, Tensor.Create(Shape.Of(1, elements), [.. Enumerable.Repeat(1, elements)]));
        Assert.Equal([.. words, .. new byte[32]], Simulation.Run(model.Model, words, 3, new RunOptions()).Output);
        Fails(ChainCodes.OutputArray, () => Simulation.Run(model.Model, words, 1, new RunOptions()));
    }

    [Fact]
    public void Elements_beyond_the_precision_are_clamped()
    {
        using var narrow = new EchoModel(8, "", [1, 2]);
        Assert.Equal("81ff" + Zeros(30), Output(narrow, "80ff" + Zeros(30)));
        using var wide = new EchoModel(9, "", [1, 2]);
        Assert.Equal("000000ffffffff01" + Zeros(24), Output(wide, "7fffffff80000000" + Zeros(24)));
    }

    [Fact]
    public void Post_processing_argmax_returns_the_class_as_a_wide_number()
    {
        using var model = new EchoModel(8, "argmax", [1, 5]);
        string output = Output(model, "0102090904" + Zeros(27));
        Assert.Equal("00000002" + Zeros(28), output);
        Assert.Equal((2, null),
            (ChainAnswer.Of(model.Model, Convert.FromHexString(output), []).Class,
            ChainAnswer.Of(model.Model, Convert.FromHexString(output), []).ClassName));
    }

    [Fact]
    public void Several_outputs_are_taken_apart_row_by_row()
    {
        using var model = new EchoModel(8, "", [2, 2], [2, 3]);
        string output = Output(model, "01020304" + Zeros(28));
        Assert.Equal("0102" + "fdfeff" + "0304" + "000102" + Zeros(22), output);
        var answer = ChainAnswer.Of(model.Model, Convert.FromHexString(output), []);
        Assert.Null(answer.Class);
        Assert.Equal([[1, 2, 3, 4], [-3, -2, -1, 0, 1, 2]], answer.Outputs.Select(o => o.Integers));
    }

    [Fact]
    public void Gas_is_the_models_operations_by_20000_and_at_least_a_million_for_an_array()
    {
        Assert.Equal((1745, 1_000_000), (ChainRules.InferGas(34_919_780), ChainRules.InferArrayGas(34_919_780)));
        Assert.Equal((0, 1_000_000), (ChainRules.InferGas(19_999), ChainRules.InferArrayGas(19_999)));
        Assert.Equal((2_000_000, 2_000_000), (ChainRules.InferGas(40_000_000_000), ChainRules.InferArrayGas(40_000_000_000)));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(524_288, 1)]
    [InlineData(524_289, 2)]
    [InlineData(1L << 30, 2048)]
    public void An_upload_advances_by_512_KiB_a_transaction(long size, long transactions) =>
        Assert.Equal(transactions, ChainRules.UploadTransactions(size));

    [Fact]
    public void Words_are_read_as_a_list_or_as_digits()
    {
        byte[] words = [.. new byte[31], 7, 1, .. new byte[31]];
        Assert.Equal(words, ChainWords.Parse(ChainWords.Print(words)));
        Assert.Equal(words, ChainWords.Parse("0x" + Convert.ToHexString(words)));
        Assert.Equal(words, ChainWords.Parse("[7, \"0x01" + Zeros(31) + "\"]"));
        Refused.With(ChainCodes.Words, () => ChainWords.Parse("0x00"));
        Refused.With(ChainCodes.Hex, () => ChainWords.Parse("0x0g"));
        Refused.With(ChainCodes.AbiValue, () => ChainWords.Parse("[-1]"));
        Refused.With(ChainCodes.AbiValue, () => ChainWords.Parse($"[\"0x1{Zeros(32)}\"]"));
        using var model = new EchoModel(8, "", [1, 33]);
        Refused.With(ChainCodes.Words, () => OutputWords.Read(model.Cvm, new byte[32]));
    }

    [Fact]
    public void An_input_account_holds_int8_or_little_endian_int32_without_the_batch()
    {
        using var narrow = new EchoModel(8, "", [1, 2, 3]);
        var data = InputWords.ToAccountData(narrow.Cvm, Tensor.Create(Shape.Of(1, 2, 3), [1, -2, 3, -4, 5, -6]));
        Assert.Equal((Shape.Of(2, 3), DType.I8), (data.Shape, data.DType));
        Assert.Equal([1, 0xfe, 3, 0xfc, 5, 0xfa], data.Bytes.ToArray());
        using var wide = new EchoModel(9, "", [1, 2]);
        data = InputWords.ToAccountData(wide.Cvm, Tensor.Create(Shape.Of(1, 2), [1, -2]));
        Assert.Equal((Shape.Of(2), DType.I32), (data.Shape, data.DType));
        Assert.Equal([1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff], data.Bytes.ToArray());
    }

    private static string Output(EchoModel model, string words) =>
        Convert.ToHexStringLower(Simulation.Run(model.Model, Convert.FromHexString(words), null, new RunOptions()).Output);

    private static string Zeros(int bytes) => new('0', 2 * bytes);

    private static void Fails(string code, Func<object> call) =>
        Assert.All(Refused.With(code, call), d => Assert.Equal(FailureClass.Logic, d.Class));
}
