using System.Collections.Immutable;
using CortexMl.Tensors;

namespace CortexMl.Ir.Ranges;

/// <summary>Which integers a value can hold: one interval for the whole tensor, or one per index of an axis.</summary>
public sealed class ValueRange
{
    /// <summary>An axis of more indices gets one interval for all: a file of a few bytes can name 2^24.</summary>
    public const int MaxParts = 1 << 16;

    private ValueRange(ImmutableArray<Interval> parts, int? axis)
    {
        Parts = parts;
        Axis = axis;
        All = parts.Aggregate((a, b) => a.Hull(b));
    }

    public ImmutableArray<Interval> Parts { get; }

    /// <summary>The axis along which <see cref="Parts"/> differ; null where one interval covers all.</summary>
    public int? Axis { get; }

    /// <summary>The hull of all parts.</summary>
    public Interval All { get; }

    public static ValueRange Uniform(Interval interval) => new([interval], null);

    /// <summary>
    /// One interval per index of <paramref name="axis"/>; collapses to a uniform range where all are equal, or where there are more than
    /// <see cref="MaxParts"/>.
    /// </summary>
    public static ValueRange Along(int axis, IEnumerable<Interval> parts)
    {
        ImmutableArray<Interval> all = [.. parts];
        if (all.Length > MaxParts) return Uniform(all.Aggregate((a, b) => a.Hull(b)));
        return all.All(p => p == all[0]) ? Uniform(all[0]) : new ValueRange(all, axis);
    }

    /// <summary>Interval of the elements whose index along the axis is <paramref name="index"/>.</summary>
    public Interval At(int index) => Axis is null ? Parts[0] : Parts[index];

    /// <summary>
    /// Interval of the elements at <paramref name="index"/> along <paramref name="axis"/>; the hull where the range varies along another.
    /// </summary>
    public Interval At(int axis, int index) => Axis == axis ? Parts[index] : All;

    public ValueRange Map(Func<Interval, Interval> f) => Axis is { } axis ? Along(axis, Parts.Select(f)) : Uniform(f(Parts[0]));

    public ValueRange WithAxis(int axis) => Axis is null ? this : new ValueRange(Parts, axis);

    /// <summary>The element-wise combination of two ranges whose shapes broadcast to <paramref name="result"/>.</summary>
    public static ValueRange Broadcast(
        ValueRange a, Shape shapeA, ValueRange b, Shape shapeB, Shape result, Func<Interval, Interval, Interval> f)
    {
        int? axisA = a.Axis + (result.Rank - shapeA.Rank), axisB = b.Axis + (result.Rank - shapeB.Rank);
        if ((axisA ?? axisB) is not { } axis) return Uniform(f(a.All, b.All));
        return Along(
            axis, Enumerable.Range(0, result[axis]).Select(i => f(axisA == axis ? a.Parts[i] : a.All, axisB == axis ? b.Parts[i] : b.All)));
    }

    public override string ToString() => Axis is { } axis ? $"{All} (varies along axis {axis})" : All.ToString();
}
