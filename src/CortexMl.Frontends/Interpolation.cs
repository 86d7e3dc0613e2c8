using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends;

//  y = resize(x) along the last axis   ⇒   y = dense(x, R)        R[o, i]: the share of input pixel i in pixel o of the result
//  along another axis                  ⇒   the same between two transpositions
/// <summary>Resizing by interpolation: along each axis a product with a constant matrix of a few numbers in a row.</summary>
internal static class Interpolation
{
    /// <summary>Elements along a resized axis: positions are worked out for each.</summary>
    public const int LongestAxis = 1 << 20;

    /// <summary>What a message adds about sizes of resized axes.</summary>
    public static readonly string Allowed = $"a resized axis has 1 to {LongestAxis}";

    /// <summary>Elements of the matrix of one axis.</summary>
    private const long LargestMatrix = 1 << 24;

    /// <param name="positions">For each axis that changes, where in the input each pixel of the result lies.</param>
    /// <param name="scales">Of each axis: the size of the result by that of the data.</param>
    /// <exception cref="NodeException">A matrix would be too large.</exception>
    public static Value Apply(
        IRowEmitter node, Value data, IReadOnlyDictionary<int, double[]> positions, IReadOnlyList<double> scales, PixelShares pixels)
    {
        foreach (var (axis, at) in positions.OrderBy(p => p.Key))
        {
            int from = data.Type.Shape[axis], last = data.Type.Shape.Rank - 1;
            if ((long)from * at.Length > LargestMatrix)
                throw new NodeException(FrontendCodes.UnsupportedAttribute,
                    $"interpolation from {from} to {Counted.Of(at.Length, "element")} along axis {axis} takes a matrix that is too large",
                    "resize in smaller steps, or to the nearest element");
            var shares = node.Floats($"axis{axis}", pixels.Matrix(at, from, scales[axis]));
            if (axis == last)
            {
                data = node.Step($"resized{axis}", NnConv.Dense, [data, shares]);
                continue;
            }
            int[] order = [.. Enumerable.Range(0, last + 1)];
            (order[axis], order[last]) = (last, axis);
            var turned = node.Step($"turned{axis}", NnShape.Transpose, [data], ("axes", order));
            data = node.Step($"back{axis}",
                NnShape.Transpose, [node.Step($"resized{axis}", NnConv.Dense, [turned, shares])], ("axes", order));
        }
        return data;
    }
}
