using System.Text.Json.Serialization;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Ir.Origins;

/// <summary>
/// What is done to a network's real input x before its scale makes integers of it: (x - offset)·gain, in double. The graph takes the
/// result as its input; so integers of one symmetric scale use all their levels although x lies on one side of zero.
/// </summary>
/// <param name="Axis">The axis of the input along which offsets and gains differ, from 0; null for one of each.</param>
/// <param name="Offset">In the unit of x: what becomes 0.</param>
/// <param name="Gain">Positive; as many as offsets.</param>
public sealed record Centering(int? Axis, IReadOnlyList<double> Offset, IReadOnlyList<double> Gain)
{
    [JsonIgnore]
    public int Channels => Offset.Count;

    /// <summary>Whether it can be done to an input of this shape.</summary>
    public bool Fits(IReadOnlyList<int> shape) =>
        Offset.Count == Gain.Count && Offset.All(double.IsFinite) && Gain.All(gain => double.IsFinite(gain) && gain > 0)
        && (Axis is { } axis ? axis >= 0 && axis < shape.Count && shape[axis] == Offset.Count : Offset.Count == 1);

    public double Of(double x, int channel) => (x - Offset[channel]) * Gain[channel];

    /// <summary>The elements of a tensor of the input's shape, centred.</summary>
    public double[] Of(Tensor<float> values)
    {
        int inner = Axis is { } axis ? (int)Shape.Of(values.Shape.Skip(axis + 1)).Count : Math.Max(1, values.Length);
        var centred = new double[values.Length];
        for (int i = 0; i < centred.Length; i++) centred[i] = Of(values.Data[i], i / inner % Channels);
        return centred;
    }

    public override string ToString()
    {
        string Listed(IEnumerable<double> numbers) => string.Join(", ", numbers.Select(Numbers.Format));
        return $"(x - [{Listed(Offset)}]) · [{Listed(Gain)}]{(Axis is { } axis ? $" along axis {Numbers.Format(axis)}" : "")}";
    }
}
