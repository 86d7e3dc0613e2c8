using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>Elements of a plain value lie where its packed layout says, whichever of them are moved together.</summary>
public sealed unsafe class PackingTests
{
    [Theory]
    [InlineData("Byte")]
    [InlineData("Short")]
    [InlineData("Int")]
    public void Every_element_lies_in_its_pixel_and_comes_back(string name)
    {
        var kind = Enum.Parse<ElementKind>(name);
        foreach (int channels in new[] { 1, 2, 3, 4, 5, 7, 16, 19 }) Hold(kind, channels);
    }

    private static void Hold(ElementKind kind, int channels)
    {
        foreach (int width in new[] { 1, 2, 15, 16, 17, 31, 32, 33 })
            foreach (int stride in new[] { channels, channels + 1, (channels + 15) / 16 * 16 })
                foreach (var margins in new Margins[] { default, new(2, 2, 2, 2), new(1, 0, 0, 3) })
                {
                    int offset = kind == ElementKind.Byte ? PackedLayout.SignedOffset : 0;
                    var view = new View(2, channels, 3, width);
                    var layout = new PackedLayout(
                        View: view, Margins: margins, Stride: stride, Kind: kind, Offset: offset, Highest: 0);
                    Holds(layout, Plain(view, kind));
                }
    }

    private static void Holds(PackedLayout layout, Tensor<int> plain)
    {
        const byte Untouched = 0xA5;
        var view = layout.View;
        var memory = new Pinned<byte>((int)layout.Bytes);
        new Span<byte>(memory.Pointer, (int)layout.Bytes).Fill(Untouched);
        var packed = new PackedBuffer(layout);
        packed.Place(memory);
        Packing.Pack(plain.Data, packed, 0, view.Rows);
        for (int pixel = 0; pixel < layout.Pixels.Length; pixel++)
            for (int c = 0; c < view.Channels; c++)
                Assert.Equal(plain.Data[Element(view, pixel, c)], At(packed.Pointer + layout.Pixels[pixel], layout, c));
        if (layout.Margins.Top > 0) Assert.All(new Span<byte>(packed.Pointer, layout.RowBytes).ToArray(), b => Assert.Equal(Untouched, b));
        Assert.All(
            new Span<byte>(packed.Pointer + layout.Bytes - 16, 16).ToArray(), b => Assert.Equal(Untouched, b));
        Assert.Equal(plain.Data, Packing.Read(packed, plain.Shape).Data);
    }

    private static int At(byte* pixel, PackedLayout layout, int channel) => layout.Offset == 0 ? layout.Kind switch
    {
        ElementKind.Byte => pixel[channel],
        ElementKind.Short => ((short*)pixel)[channel],
        _ => ((int*)pixel)[channel],
    }
    : pixel[channel] - layout.Offset;

    private static int Element(View view, int pixel, int channel)
    {
        int image = view.Height * view.Width;
        return (((pixel / image * view.Channels) + channel) * image) + (pixel % image);
    }

    /// <summary>Numbers all over what the kind holds, the extremes among them.</summary>
    private static Tensor<int> Plain(View view, ElementKind kind)
    {
        var (least, most) = kind switch
        {
            ElementKind.Byte => (sbyte.MinValue, (int)sbyte.MaxValue),
            ElementKind.Short => (short.MinValue, short.MaxValue),
            _ => (int.MinValue, int.MaxValue),
        };
        var random = new Random(view.Width + view.Channels);
        var tensor = Tensor.Zeros<int>(Shape.Of(view.Batch, view.Channels, view.Height, view.Width));
        for (int i = 0; i < tensor.Length; i++)
            tensor.Data[i] = (i % 7) switch { 0 => least, 3 => most, _ => (int)random.NextInt64(least, (long)most + 1) };
        return tensor;
    }
}
