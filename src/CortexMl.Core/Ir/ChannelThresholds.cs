using System.Collections.Immutable;
using CortexMl.Numerics;

namespace CortexMl.Ir;

/// <summary>
/// How far the channels of a float value reach, one by one, where they differ: a named table like that of a per-channel
/// <see cref="Scale"/> (<c>within 5.375 axis 1: @relu0.within</c>).
/// </summary>
/// <param name="Axis">The axis whose indices are the channels.</param>
/// <param name="Name">Of the table, without the <c>@</c>.</param>
/// <param name="Values">The largest magnitude of each channel that must be representable, positive and finite.</param>
public sealed record ChannelThresholds(int Axis, string Name, ImmutableArray<double> Values)
{
    public bool Equals(ChannelThresholds? other) =>
        other is not null && Axis == other.Axis && Name == other.Name && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Axis, Name, Values.Length);

    public override string ToString() => $"axis {Numbers.Format(Axis)}: @{Name}";
}
