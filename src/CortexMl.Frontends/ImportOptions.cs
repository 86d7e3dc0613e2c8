using System.Collections.Frozen;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>What a user can say about a model beside its files.</summary>
public sealed record ImportOptions
{
    public static readonly ImportOptions Default = new();

    /// <summary>Shapes of inputs by name: <c>--input data=1,3,32,32</c>.</summary>
    public IReadOnlyDictionary<string, Shape> InputShapes { get; init; } = FrozenDictionary<string, Shape>.Empty;

    /// <summary>
    /// Shape of an input by its name, taken from data; asked only where one input alone has a shape that neither the user nor the model
    /// says; null where data do not tell.
    /// </summary>
    public Func<string, Shape?>? ShapeOfData { get; init; }

    /// <summary>
    /// What inputs are fixed to, by name: a number, <c>--bind rate=16000</c>, or a file with the tensor, <c>--bind weight=input_1.pb</c>.
    /// Only ONNX models take them.
    /// </summary>
    public IReadOnlyDictionary<string, string> Bindings { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Make up parameters that no file supplies from this seed; null means that a missing parameter is an error.</summary>
    public long? RandomParamsSeed { get; init; }

    /// <summary>Bytes that the constants may take as f32.</summary>
    public long MaxMemory { get; init; } = 8L << 30;
}
