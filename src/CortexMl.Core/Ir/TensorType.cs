using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Ir;

/// <summary>
/// Element and shape of a value, and what is known about its numbers: <c>f32[1, 16, 26, 26] within 5.375</c> after calibration,
/// <c>i8[1, 16, 26, 26] @ 23.71</c> after quantization.
/// </summary>
/// <param name="Scale">
/// Integer values only: real ≈ integer / scale. Required at the quant level, for graph inputs and outputs at the cvm level.
/// </param>
/// <param name="Threshold">
/// Float values only: th, the largest magnitude that must be representable; set by calibrate, read by quantize.
/// </param>
public sealed record TensorType(ElementType Element, Shape Shape, Scale? Scale = null, double? Threshold = null)
{
    /// <summary>
    /// Beside a threshold: how far each channel reaches, for values that a convolution or dense layer reads; set by calibrate.
    /// </summary>
    public ChannelThresholds? Channels { get; init; }

    /// <summary>Beside a threshold: how consumers are to read the value; null where that is theirs to say. Read by quantize.</summary>
    public Reading? Reading { get; init; }

    public static TensorType Float(params ReadOnlySpan<int> dims) => new(ElementType.F32, Shape.Of(dims));

    public static TensorType Float(Shape shape) => new(ElementType.F32, shape);

    public static TensorType Integer(int precision, Shape shape, Scale? scale = null) => new(ElementType.Integer(precision), shape, scale);

    public int Precision => Element.Precision;

    /// <summary>Whether element and shape agree; scale and threshold are knowledge about a value, not part of the type rule.</summary>
    public bool Fits(TensorType other) => Element == other.Element && Shape == other.Shape;

    public override string ToString() =>
        $"{Element}{Shape}{(Scale is null ? "" : $" @ {Scale}")}{(Threshold is { } th ? $" within {Numbers.Format(th)}" : "")}"
            + (Channels is null ? "" : $" {Channels}") + (Reading is null ? "" : $" {Reading}");
}
