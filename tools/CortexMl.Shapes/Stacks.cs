using CortexMl.Ir;

namespace CortexMl.Shapes;

/// <summary>Layers of one shape, one after the other.</summary>
internal static class Stacks
{
    private const int VggLayers = 8, TransformerLayers = 12, Hidden = 4;

    /// <summary>Channels and pixels of the middle of VGG. Source: Simonyan and Zisserman 2014, configuration D.</summary>
    public const int VggChannels = 256, VggSize = 28;

    /// <summary>Tokens and features of a small encoder; what is between its dense layers is left out.</summary>
    public const int Tokens = 64, Features = 384;

    public static Value Vgg(Layers layers, Value data)
    {
        for (int i = 0; i < VggLayers; i++) data = layers.Conv(data, VggChannels, size: 3);
        return data;
    }

    /// <summary>The two dense layers of each block, with the residual addition.</summary>
    public static Value Transformer(Layers layers, Value data)
    {
        for (int i = 0; i < TransformerLayers; i++) data = layers.Add(layers.Dense(layers.Dense(data, Hidden * Features), Features), data);
        return data;
    }

    /// <summary>The same with the function that encoders have between the two, by a table.</summary>
    public static Value TransformerWithTables(Layers layers, Value data)
    {
        for (int i = 0; i < TransformerLayers; i++)
            data = layers.Add(layers.Dense(layers.DenseWithTable(data, Hidden * Features), Features), data);
        return data;
    }
}
