using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>
/// What an ONNX name stands for: a value of the graph, or a tensor that is known at import. Shapes and other integers are always the
/// latter.
/// </summary>
internal sealed record Entry(string Name, Shape Shape, DType Type)
{
    /// <summary>The value; null for a tensor that no operation has needed yet.</summary>
    public Value? Value { get; set; }

    public Tensor? Tensor { get; init; }

    /// <summary>What a sequence holds, which is no value of the graph; null for everything else.</summary>
    public IReadOnlyList<Entry>? Elements { get; init; }

    /// <summary>The value holds the real numbers that quantized integers stand for.</summary>
    public Quantization? Quantized { get; init; }

    public static Entry Of(string name, Tensor tensor) => new(name, tensor.Shape, tensor.DType) { Tensor = tensor };

    public static Entry Of(string name, IReadOnlyList<Entry> elements) => new(name, Shape.Scalar, DType.F32) { Elements = elements };

    /// <param name="type">The model's type: integer inputs (indices, images) are whole numbers in f32.</param>
    public static Entry Of(string name, Value value, DType type = DType.F32) => new(name, value.Type.Shape, type) { Value = value };
}

/// <summary>real = (integer - zero point) · scale, both per tensor.</summary>
/// <param name="Type">The integer's type.</param>
internal sealed record Quantization(double Scale, long ZeroPoint, DType Type)
{
    /// <summary>The smallest and largest real number that the integers can stand for.</summary>
    public (double Min, double Max) Range => Limits(Type) is var (min, max) ? ((min - ZeroPoint) * Scale, (max - ZeroPoint) * Scale)
        : throw new InvalidOperationException($"{Type} is no type of quantized data");

    /// <summary>The smallest and largest integer; null for types that quantized data do not have.</summary>
    public static (long Min, long Max)? Limits(DType type) => type switch
    {
        DType.I8 => (sbyte.MinValue, sbyte.MaxValue),
        DType.U8 => (0, byte.MaxValue),
        DType.I16 => (short.MinValue, short.MaxValue),
        DType.U16 => (0, ushort.MaxValue),
        _ => null,
    };
}
