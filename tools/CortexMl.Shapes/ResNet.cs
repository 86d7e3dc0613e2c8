using CortexMl.Ir;

namespace CortexMl.Shapes;

/// <summary>Residual networks. Source: He et al. 2015; a bottleneck strides in its 3x3 window, as later implementations do.</summary>
internal static class ResNet
{
    private const int Width = 64, Classes = 1000;

    /// <param name="blocks">Blocks of each stage; the width doubles from stage to stage.</param>
    /// <param name="expansion">Channels that a block returns, per channel of its width.</param>
    public static Value Body(
        Layers layers, Value data, IReadOnlyList<int> blocks, Func<Layers, Value, int, int, Value> block, int expansion)
    {
        var value = layers.MaxPool(layers.Conv(data, Width, size: 7, stride: 2), size: 3, stride: 2);
        for (int stage = 0; stage < blocks.Count; stage++)
        {
            int width = Width << stage;
            for (int i = 0; i < blocks[stage]; i++)
            {
                int stride = i == 0 && stage > 0 ? 2 : 1;
                var shortcut = i == 0 && value.Type.Shape[1] != width * expansion
                    ? layers.Conv(value, width * expansion, size: 1, stride, relu: false)
                    : value;
                value = layers.Add(block(layers, value, width, stride), shortcut);
            }
        }
        return layers.Head(value, Classes);
    }

    public static Value Basic(Layers layers, Value data, int width, int stride) =>
        layers.Conv(layers.Conv(data, width, size: 3, stride), width, size: 3, relu: false);

    public static Value Bottleneck(Layers layers, Value data, int width, int stride) =>
        layers.Conv(layers.Conv(layers.Conv(data, width, size: 1), width, size: 3, stride), width * 4, size: 1, relu: false);
}
