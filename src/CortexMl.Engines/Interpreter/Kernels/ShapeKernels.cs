using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>Operators that only move elements: each is a copy of a strided view of its operand.</summary>
internal static class ShapeKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All =>
    [
        .. OpTable.With(Level.Cvm, OpTraits.Reshapes).Select(row => Of(row, Same)),
        Of(CvmShape.Transpose, Transpose), Of(CvmShape.Concatenate, Concatenate), Of(CvmShape.Repeat, Repeat), Of(CvmShape.Tile, Tile),
        Of(CvmShape.StridedSlice, StridedSlice), Of(CvmShape.SliceLike, SliceLike),
    ];

    // In place this copies a span onto itself, which is allowed.
    private static void Same(KernelContext context) => context["data"].Span.CopyTo(context.Output.Span);

    private static void Transpose(KernelContext context)
    {
        int[] strides = context["data"].Shape.Strides();
        Copy(context, 0, context.Output.Shape.Dims, [.. CvmShapeRules.Permutation(context.Op).Select(axis => (long)strides[axis])]);
    }

    private static void Concatenate(KernelContext context)
    {
        Shape result = context.Output.Shape;
        int axis = result.Axis(context.Op.Int("axis"));
        int outer = Product(result.Dims[..axis]), inner = Product(result.Dims[(axis + 1)..]), at = 0;
        for (int row = 0; row < outer; row++)
        {
            foreach (var input in context.Inputs)
            {
                int length = input.Shape[axis] * inner;
                input.Span.Slice(row * length, length).CopyTo(context.Output.Span[at..]);
                at += length;
            }
        }
    }

    private static void Repeat(KernelContext context)
    {
        Shape data = context["data"].Shape;
        int axis = data.Axis(context.Op.Int("axis")), inner = Product(data.Dims[(axis + 1)..]);
        Copy(context, 0, [Product(data.Dims[..(axis + 1)]), (int)context.Op.Int("repeats"), inner], [inner, 0, 1]);
    }

    // Each axis becomes two: its repetitions, with stride 0, and itself.
    private static void Tile(KernelContext context)
    {
        Shape data = context["data"].Shape;
        int[] strides = data.Strides();
        var reps = context.Op.Ints("reps");
        int rank = context.Output.Shape.Rank;
        var dims = new int[2 * rank];
        var steps = new long[2 * rank];
        for (int i = 1; i <= rank; i++)
        {
            dims[2 * (rank - i)] = i <= reps.Length ? (int)reps[^i] : 1;
            dims[(2 * (rank - i)) + 1] = i <= data.Rank ? data[^i] : 1;
            steps[(2 * (rank - i)) + 1] = i <= data.Rank ? strides[^i] : 0;
        }
        Copy(context, 0, dims, steps);
    }

    private static void StridedSlice(KernelContext context)
    {
        int[] strides = context["data"].Shape.Strides();
        var slices = CvmSlice.Of(context.Op);
        long start = slices.Select((slice, axis) => slice.Begin * strides[axis]).Sum();
        // An axis of one element may have any stride, even one that would overflow here.
        Copy(context, start, context.Output.Shape.Dims,
            [.. slices.Select((slice, axis) => slice.Length == 1 ? 0 : slice.Stride * strides[axis])]);
    }

    private static void SliceLike(KernelContext context) =>
        Copy(context, 0, context.Output.Shape.Dims, [.. context["data"].Shape.Strides().Select(stride => (long)stride)]);

    private static void Copy(KernelContext context, long start, ReadOnlySpan<int> dims, ReadOnlySpan<long> strides) =>
        StridedWalk.Copy(context["data"].Span, start, dims, strides, context.Output.Span);

    private static int Product(ReadOnlySpan<int> dims)
    {
        int product = 1;
        foreach (int dim in dims) product *= dim;
        return product;
    }
}
