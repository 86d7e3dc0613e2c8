namespace CortexMl.Engines.Cpu.Memory;

/// <summary>Copies between NCHW in int32 and packed layouts.</summary>
internal static unsafe class Packing
{
    public static void Pack(ReadOnlySpan<int> plain, PackedBuffer packed)
    {
        var (layout, view) = (packed.Layout, packed.Layout.View);
        int plane = view.Height * view.Width;
        var pixels = layout.Pixels;
        for (int p = 0; p < pixels.Length; p++)
        {
            byte* to = packed.Pointer + pixels[p];
            int from = (p / plane * view.Channels * plane) + (p % plane);
            for (int c = 0; c < view.Channels; c++, from += plane) Write(to, c, plain[from], layout.Kind);
            for (int c = view.Channels; c < layout.Stride; c++) Write(to, c, 0, layout.Kind);
        }
    }

    public static void Unpack(PackedBuffer packed, Span<int> plain)
    {
        var (layout, view) = (packed.Layout, packed.Layout.View);
        int plane = view.Height * view.Width;
        var pixels = layout.Pixels;
        for (int p = 0; p < pixels.Length; p++)
        {
            byte* from = packed.Pointer + pixels[p];
            int to = (p / plane * view.Channels * plane) + (p % plane);
            for (int c = 0; c < view.Channels; c++, to += plane) plain[to] = Read(from, c, layout.Kind);
        }
    }

    private static void Write(byte* to, int index, int value, ElementKind kind)
    {
        if (kind == ElementKind.Byte) to[index] = (byte)value;
        else if (kind == ElementKind.Short) ((short*)to)[index] = (short)value;
        else ((int*)to)[index] = value;
    }

    private static int Read(byte* from, int index, ElementKind kind) => kind switch
    {
        ElementKind.Byte => from[index],
        ElementKind.Short => ((short*)from)[index],
        _ => ((int*)from)[index],
    };
}
