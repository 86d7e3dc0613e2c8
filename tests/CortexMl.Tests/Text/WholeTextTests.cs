using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Text;

/// <summary>Texts that say everything: large constants as bytes.</summary>
public sealed class WholeTextTests
{
    private static readonly PrintOptions s_whole = new() { Whole = true };

    [Theory]
    [InlineData("f32")]
    [InlineData("i3")]
    [InlineData("i8")]
    [InlineData("i9")]
    [InlineData("i16")]
    [InlineData("i17")]
    [InlineData("i32")]
    public void Elements_of_every_width_read_back_to_the_bit(string element)
    {
        const int Count = 12_345;
        var type = element == "f32" ? TensorType.Float(Shape.Of(Count)) : TensorType.Integer(int.Parse(element[1..]), Shape.Of(Count));
        var random = new Random(1);
        Tensor data = element == "f32"
            ? Tensor.Create(type.Shape, [float.NaN, -0f, float.MinValue, float.Epsilon, .. Many(random.NextSingle, Count - 4)])
            : Tensor.Create(type.Shape, [(int)type.Element.Bound, -(int)type.Element.Bound, .. Many(() =>
                (int)random.NextInt64(-type.Element.Bound, type.Element.Bound + 1), Count - 2)]);
        var build = new GraphBuilder("g", element == "f32" ? Level.Float : Level.Cvm);
        build.Output(build.Constant("w", new ConstantData(data), type));
        string text = TextPrinter.Print(build.Build(), s_whole);
        var read = TextParser.Parse(text, "text", new ParseOptions { Verify = false })[0];
        Assert.Equal(data.Bytes.ToArray(), read.Constants.Single().Constant!.Tensor.Bytes.ToArray());
        Assert.Equal(text, TextPrinter.Print(read, s_whole));
    }

    [Theory]
    [InlineData("[base64:AACAPwAAAEA]", null)]
    [InlineData("[ base64: AACAPwAAAEA ]", null)]
    [InlineData("[base64:AACAPwAAAE]", "CML0311")]
    [InlineData("[base64:AACAPw]", "CML0311")]
    [InlineData("[base64:AACAPwAAAEAA]", "CML0311")]
    [InlineData("[base64:]", "CML0311")]
    [InlineData("[base64:AACAP;AAAEA]", "CML0311")]
    public void What_is_not_that_many_elements_is_refused(string list, string? code)
    {
        string text = $"graph @g() {{\n  @w: f32[2] = {list}\n  return @w\n}}\n";
        if (code is null) Assert.Equal([1f, 2f], TextParser.ParseOne(text).Constants.Single().Constant!.Floats.ToArray());
        else Assert.Equal(code, Assert.Throws<DiagnosticException>(() => TextParser.ParseOne(text)).Diagnostics[0].Code);
    }

    [Fact]
    public void Integers_outside_their_precision_are_refused()
    {
        const string Text = "quant graph @g(%x: i8[1] @ 1) {\n  @w: i3[1] @ 1 = [base64:BA]\n  return @w\n}\n";
        var error = Assert.Throws<DiagnosticException>(() => TextParser.ParseOne(Text));
        Assert.Equal("CML0308", error.Diagnostics[0].Code);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_hundred_thousand_operations_read_back()
    {
        var lines = Enumerable.Range(0, 100_000).Select(i => $"  %v{i} = nn.relu({(i == 0 ? "%x" : $"%v{i - 1}")}) : f32[1]\n");
        string text = $"graph @g(%x: f32[1]) -> f32[1] {{\n{string.Concat(lines)}  return %v99999\n}}\n";
        Assert.Equal(text, TextPrinter.Print(TextParser.ParseOne(text)));
    }

    private static IEnumerable<T> Many<T>(Func<T> make, int count) => Enumerable.Range(0, count).Select(_ => make());
}
