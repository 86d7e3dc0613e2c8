using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Shapes;

/// <summary>
/// Sum and max over axes in the portable form: explicit axes, and no kept axis of size 1 to the right of another kept one (the reference
/// CPU device uses wrong strides there), so such axes are reshaped away first.
/// </summary>
internal static class PortableReduction
{
    public static Value Emit(Quantizer quantizer, OpSpec spec, Value data, IReadOnlyList<int> axes, bool keepDims, Scale scale)
    {
        var shape = data.Type.Shape;
        var result = Shape.Of(shape.Select((dim, axis) => axes.Contains(axis) ? (keepDims ? 1 : 0) : dim).Where(dim => dim > 0));
        if (result.Rank == 0) result = Shape.Of(1);
        int[] dropped = [.. Enumerable.Range(0, shape.Rank).Where(axis => !axes.Contains(axis) && shape[axis] == 1)];
        int[] left = [.. Enumerable.Range(0, shape.Rank).Except(dropped)];
        if (dropped.All(axis => axis == 0))
            return Reduced(quantizer, spec, data, axes, keepDims && result.Rank == shape.Rank, scale, result);
        data = quantizer.Emit(
            CvmShape.Reshape, [data], Attributes.Of(("shape", left.Select(axis => shape[axis]).ToArray())), data.Type.Scale!);
        int[] reduced = [.. left.Index().Where(p => axes.Contains(p.Item)).Select(p => p.Index)];
        return Reduced(quantizer, spec, data, reduced, keepDims: false, scale, result);
    }

    private static Value Reduced(
        Quantizer quantizer, OpSpec spec, Value data, IReadOnlyList<int> axes, bool keepDims, Scale scale, Shape result)
    {
        var attributes = Attributes.Of(("axis", axes.ToArray()));
        if (keepDims) attributes = attributes.With("keepdims", true);
        var reduced = quantizer.Emit(spec, [data], attributes, scale);
        return reduced.Type.Shape == result
            ? reduced
            : quantizer.Emit(CvmShape.Reshape, [reduced], Attributes.Of(("shape", result)), scale);
    }
}
