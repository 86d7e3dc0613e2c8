using CortexMl.Ir;
using CortexMl.Shapes;
using CortexMl.Tensors;

namespace CortexMl.Bench;

/// <summary>A network of <see cref="Layers"/> equal layers, so that what is done once for a run hardly counts.</summary>
public sealed record Kernel(string Name, Graph Graph)
{
    public const int Layers = 8;

    public static IReadOnlyList<Kernel> All { get; } =
    [
        Of("conv 3x3 64 at 56", [1, 64, 56, 56], (layers, x) => layers.Conv(x, 64, size: 3)),
        Of("conv 3x3 256 at 14", [1, 256, 14, 14], (layers, x) => layers.Conv(x, 256, size: 3)),
        Of("conv 1x1 128 at 28", [1, 128, 28, 28], (layers, x) => layers.Conv(x, 128, size: 1)),
        Of("conv 1x1 512 at 7", [1, 512, 7, 7], (layers, x) => layers.Conv(x, 512, size: 1)),
        Of("depthwise 3x3 144 at 56", [1, 144, 56, 56], (layers, x) => layers.Conv(x, 144, size: 3, groups: 144)),
        Of("dense 1024", [1, 1024], (layers, x) => layers.Dense(x, 1024)),
        Of("epilogue 64 at 56", [1, 64, 56, 56], (layers, x) => layers.Add(layers.MaxPool(x, size: 1, stride: 1), x)),
    ];

    public override string ToString() => Name;

    private static Kernel Of(string name, int[] input, Func<Layers, Value, Value> layer)
    {
        var build = new GraphBuilder(name, Level.Cvm);
        var layers = new Layers(build, seed: 1);
        var value = build.Input("data", TensorType.Integer(8, Shape.Of(input)));
        for (int i = 0; i < Layers; i++) value = layer(layers, value);
        build.Output(value);
        return new(name, build.Build());
    }
}
