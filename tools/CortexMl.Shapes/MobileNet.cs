using CortexMl.Ir;

namespace CortexMl.Shapes;

/// <summary>MobileNet v1: depthwise 3x3 and pointwise 1x1 in turn. Source: Howard et al. 2017, table 1.</summary>
internal static class MobileNet
{
    private const int Width = 32, Classes = 1000;

    private static readonly (int Channels, int Stride)[] s_blocks =
        [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)];

    public static Value Body(Layers layers, Value data)
    {
        var value = layers.Conv(data, Width, size: 3, stride: 2);
        foreach (var (channels, stride) in s_blocks)
        {
            int width = value.Type.Shape[1];
            value = layers.Conv(layers.Conv(value, width, size: 3, stride, groups: width), channels, size: 1);
        }
        return layers.Head(value, Classes);
    }
}
