using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Matching;

//  nn.conv2d(%x) {padding = [1, 2]}   ⇒   nn.conv2d(nn.concat(@columns, nn.concat(@rows, %x, @rows), @columns))
internal static class ConstantBorder
{
    /// <summary>An image with a border that has a number for each channel, where a pad has one for all.</summary>
    /// <param name="anchor">In front of which it is made.</param>
    /// <param name="image">[N, C, H, W]</param>
    /// <param name="padding">Rows above, columns left, rows below, columns right.</param>
    /// <param name="numbers">Of each channel.</param>
    /// <param name="name">Of the constants.</param>
    /// <param name="made">Gets each concatenation's result.</param>
    public static Value Around(
        Operation anchor, Value image, IReadOnlyList<long> padding, float[] numbers, string name, Action<Value> made, Rewriter rewriter)
    {
        foreach (int axis in (int[])[2, 3])
        {
            var (before, after) = (padding[axis - 2], padding[axis]);
            if (before == 0 && after == 0) continue;
            List<Value> parts = [image];
            if (before > 0) parts.Insert(0, Border(image.Type.Shape.With(axis, (int)before)));
            if (after > 0) parts.Add(Border(image.Type.Shape.With(axis, (int)after)));
            image = rewriter.Insert(anchor, NnShape.Concat, parts, Attributes.Of(("axis", axis))).Result;
            made(image);
        }
        return image;

        Value Border(Shape shape)
        {
            int inner = shape[2] * shape[3];
            return rewriter.InsertConstant(anchor, name,
                Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => numbers[i / inner % numbers.Length])]));
        }
    }
}
