using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Calibrate.Judging;

/// <summary>
/// The part of a value that stands for it where thresholds are compared: all channels at a few places, since a layer does the same
/// everywhere. Of an image a window, of rows some of them.
/// </summary>
/// <param name="Whole">Shape of the value.</param>
/// <param name="Shape">Of the part, for one sample.</param>
internal sealed record ValuePart(Shape Whole, Shape Shape)
{
    /// <summary>Numbers of a part, where a layer can do with so few.</summary>
    private const int Numbers = 1 << 14;

    /// <summary>Places along an axis that are enough.</summary>
    private const int Places = 16;

    /// <param name="readers">Layers that read the value.</param>
    /// <returns>Null where no part would be small.</returns>
    public static ValuePart? Of(Value value, IReadOnlyList<Operation> readers)
    {
        var whole = value.Type.Shape;
        if (whole.Rank == 4)
        {
            int side = Math.Clamp((int)Math.Sqrt((double)Numbers / (whole[0] * whole[1])), 1, Places);
            int rows = Math.Min(whole[2], Math.Max(side, readers.Max(r => Extent(r, 0))));
            int columns = Math.Min(whole[3], Math.Max(side, readers.Max(r => Extent(r, 1))));
            return new(whole, whole.With(2, rows).With(3, columns));
        }
        return whole.Rank == 2 ? new(whole, whole.With(0, Math.Clamp(Numbers / whole[1], 1, Math.Min(Places, whole[0])))) : null;
    }

    /// <summary>What the window of a layer spans along rows (0) or columns (1).</summary>
    private static int Extent(Operation reader, int axis)
    {
        if (reader.Spec == NnPool.AvgPool2D) return (int)reader.Ints("kernel")[axis];
        if (reader.Spec != NnConv.Conv2D) return 1;
        return ((int)reader.Ints("kernel")[axis] - 1) * (int)reader.Ints("dilation")[axis] + 1;
    }

    /// <summary>The part of one sample's elements.</summary>
    /// <param name="place">Any number: where the part lies.</param>
    public float[] Cut(ReadOnlySpan<float> elements, ulong place)
    {
        var part = new float[Shape.Count];
        if (Whole.Rank == 2)
        {
            // Rows at even distances.
            int first = At(place, Whole[0] / Shape[0] - 1);
            for (int r = 0; r < Shape[0]; r++)
                elements.Slice((first + r * (Whole[0] / Shape[0])) * Whole[1], Whole[1]).CopyTo(part.AsSpan(r * Whole[1]));
            return part;
        }
        int top = At(place, Whole[2] - Shape[2]), left = At(place >> 16, Whole[3] - Shape[3]);
        for (int line = 0; line < Whole[0] * Whole[1] * Shape[2]; line++)
        {
            int plane = line / Shape[2], row = top + line % Shape[2];
            elements.Slice((plane * Whole[2] + row) * Whole[3] + left, Shape[3]).CopyTo(part.AsSpan(line * Shape[3]));
        }
        return part;
    }

    private static int At(ulong place, int last) => (int)(place % 65521 % (ulong)(last + 1));
}
