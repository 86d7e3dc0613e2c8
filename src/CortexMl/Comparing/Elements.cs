using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Comparing;

/// <summary>What a value held on one sample: real numbers, or integers with what they stand for.</summary>
/// <param name="Integers">Null for a float value.</param>
/// <param name="Floats">Null for an integer value.</param>
/// <param name="Scale">Real = integer / scale; null for float values, and where nobody knows it.</param>
/// <param name="Bound">Largest magnitude of an integer's precision; 0 for float values.</param>
internal readonly record struct Elements(Shape Shape, float[]? Floats, int[]? Integers, Scale? Scale, long Bound)
{
    public int Length => Floats?.Length ?? Integers!.Length;

    public bool IsInteger => Integers is not null;

    /// <summary>Elements behind each other along the axis of the scale are so far apart.</summary>
    public int Inner => Scale?.Axis is { } axis ? (int)Shape.Of(Shape.Skip(axis + 1)).Count : Math.Max(1, Length);

    /// <summary>The integer's own number where its scale is not known.</summary>
    public double this[int index] => Floats is { } floats ? floats[index] : Integers![index] / ScaleAt(index, Inner);

    /// <param name="inner"><see cref="Inner"/>, asked once.</param>
    public double ScaleAt(int index, int inner) => Scale switch
    {
        null => 1,
        { Axis: { } axis } own => own.At(index / inner % Shape[axis]),
        var own => own.At(0),
    };

    public double[] Reals()
    {
        if (Floats is { } floats) return Array.ConvertAll(floats, x => (double)x);
        var reals = new double[Length];
        int inner = Inner;
        for (int i = 0; i < reals.Length; i++) reals[i] = Integers![i] / ScaleAt(i, inner);
        return reals;
    }
}
