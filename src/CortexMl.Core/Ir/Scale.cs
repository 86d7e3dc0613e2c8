using System.Collections.Immutable;
using CortexMl.Numerics;

namespace CortexMl.Ir;

/// <summary>
/// What an integer stands for: real ≈ integer / scale. Either one scale for the tensor, or one per index of an axis, which is then a
/// named table (<c>@ axis 1: @conv0.scale</c>, printed as an f64 constant of the graph).
/// </summary>
public sealed class Scale : IEquatable<Scale>
{
    private Scale(ImmutableArray<double> values, int? axis, string? name)
    {
        Values = values;
        Axis = axis;
        Name = name;
    }

    /// <summary>One value, or one per index of <see cref="Axis"/>. All are positive and finite.</summary>
    public ImmutableArray<double> Values { get; }

    /// <summary>The axis whose indices have their own scale; null for one scale per tensor.</summary>
    public int? Axis { get; }

    /// <summary>Name of the table of a per-channel scale, without the <c>@</c>.</summary>
    public string? Name { get; }

    public bool IsPerChannel => Axis is not null;

    /// <summary>The one scale of a per-tensor scale.</summary>
    public double Value => Axis is null ? Values[0] : throw new InvalidOperationException($"scale {Name} is per channel");

    public static Scale PerTensor(double scale) => new([Checked(scale)], null, null);

    public static Scale PerChannel(int axis, string name, IEnumerable<double> scales) => new([.. scales.Select(Checked)], axis, name);

    /// <summary>The same table along another axis (after a transpose or reshape).</summary>
    public Scale Along(int axis) => new(Values, axis, Name);

    /// <summary>Scales that are so many times as large: those of a sum that stands for a mean.</summary>
    public Scale Times(double factor) => factor == 1 ? this : new([.. Values.Select(v => Checked(v * factor))], Axis, Name);

    /// <summary>Scale of channel <paramref name="index"/>, whichever kind this is.</summary>
    public double At(int index) => Axis is null ? Values[0] : Values[index];

    public bool Equals(Scale? other) =>
        other is not null && Axis == other.Axis && Name == other.Name && Values.AsSpan().SequenceEqual(other.Values.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Scale);

    public override int GetHashCode() => HashCode.Combine(Axis, Name, Values.Length, Values[0]);

    public override string ToString() =>
        Axis is { } axis ? $"axis {Numbers.Format(axis)}: @{Name}" : Numbers.Format(Values[0]);

    private static double Checked(double scale) =>
        double.IsFinite(scale) && scale > 0
            ? scale
            : throw new ArgumentOutOfRangeException(nameof(scale), scale, "a scale is positive and finite");
}
