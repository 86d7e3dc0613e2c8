using CortexMl.Ir;

namespace CortexMl.Shapes;

/// <summary>MobileNet v2: narrow layers, widened for a depthwise 3x3 between them. Source: Sandler et al. 2018, table 2.</summary>
internal static class InvertedResidual
{
    private const int Stem = 32, Last = 1280, Classes = 1000;

    private static readonly (int Expansion, int Channels, int Repeats, int Stride)[] s_stages =
        [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)];

    public static Value Body(Layers layers, Value data)
    {
        var value = layers.Conv(data, Stem, size: 3, stride: 2);
        foreach (var (expansion, channels, repeats, stride) in s_stages)
        {
            for (int i = 0; i < repeats; i++) value = Block(layers, value, expansion, channels, i == 0 ? stride : 1);
        }
        return layers.Head(layers.Conv(value, Last, size: 1), Classes);
    }

    private static Value Block(Layers layers, Value data, int expansion, int channels, int stride)
    {
        int width = data.Type.Shape[1] * expansion;
        var wide = expansion == 1 ? data : layers.Conv(data, width, size: 1);
        var narrow = layers.Conv(layers.Conv(wide, width, size: 3, stride, groups: width), channels, size: 1, relu: false);
        return stride == 1 && data.Type.Shape[1] == channels ? layers.Add(narrow, data) : narrow;
    }
}
