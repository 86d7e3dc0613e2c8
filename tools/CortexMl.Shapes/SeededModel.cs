using CortexMl.Cvm;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Shapes;

/// <summary>
/// Integer networks as the compiler makes them, with the shapes of well-known ones and numbers from a seed: for measuring speed, not for
/// anything else.
/// </summary>
public static class SeededModel
{
    /// <summary>From the input, [N, 3, H, W] but for stacks of one kind of layer, to the result.</summary>
    public static IReadOnlyDictionary<string, Func<Layers, Value, Value>> Networks { get; } =
        new SortedDictionary<string, Func<Layers, Value, Value>>(StringComparer.Ordinal)
        {
            ["mobilenet_v1"] = MobileNet.Body,
            ["mobilenet_v2"] = InvertedResidual.Body,
            ["resnet18"] = (layers, data) => ResNet.Body(layers, data, [2, 2, 2, 2], ResNet.Basic, expansion: 1),
            ["resnet50"] = (layers, data) => ResNet.Body(layers, data, [3, 4, 6, 3], ResNet.Bottleneck, expansion: 4),
            ["transformer_gelu"] = Stacks.TransformerWithTables,
            ["transformer_mlp"] = Stacks.Transformer,
            ["vgg_28"] = Stacks.Vgg,
        };

    /// <summary>The files of a network. The same arguments give the same bytes; no sum can overflow, and storage is planned.</summary>
    /// <param name="size">Rows and columns of the input, where it is an image.</param>
    public static CvmFiles Make(string network, int batch, int size, int seed)
    {
        var graph = Graph(network, batch, size, seed);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("plan-storage,bound-check"));
        return CvmEmitter.Emit(graph);
    }

    public static Graph Graph(string network, int batch, int size, int seed)
    {
        var build = new GraphBuilder(network, Level.Cvm);
        var data = build.Input("data", TensorType.Integer(8, InputOf(network, batch, size)));
        build.Output(Networks[network](new Layers(build, seed), data));
        return build.Build();
    }

    private static Shape InputOf(string network, int batch, int size) => network switch
    {
        "transformer_mlp" or "transformer_gelu" => Shape.Of(batch * Stacks.Tokens, Stacks.Features),
        "vgg_28" => Shape.Of(batch, Stacks.VggChannels, Stacks.VggSize, Stacks.VggSize),
        _ => Shape.Of(batch, 3, size, size),
    };
}
