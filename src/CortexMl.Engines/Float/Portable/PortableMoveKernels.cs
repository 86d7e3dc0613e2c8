using CortexMl.Engines.Interpreter.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Engines.Float.Portable;

/// <summary>Rows that move elements: strided views of their operand, copied row by row.</summary>
internal static class PortableMoveKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, PortableKernels.Factory>> All =>
    [
        .. new[] { NnShape.Flatten, NnShape.Reshape, NnShape.ExpandDims, NnShape.Squeeze, NnUnary.Identity, NnUnary.Dropout }
            .Select(row => KeyValuePair.Create<OpSpec, PortableKernels.Factory>(
                row, _ => static (operands, result) => operands[0].AsSpan().CopyTo(result))),
        new(NnShape.Transpose, call => View(call, Turned(call), 0)),
        new(NnShape.Slice, Slice),
        new(NnShape.BroadcastTo, call => View(call, Repeated(call.Op.Shape(0), call.Result), 0)),
        new(NnShape.UpSample, UpSample),
        new(NnShape.Concat, Concat),
    ];

    /// <param name="axes">Length and distance of the elements along each axis of the result, which may be cut into several.</param>
    private static PortableKernel View(PortableKernels.Call call, IReadOnlyList<(int Length, long Stride)> axes, long start)
    {
        // A scalar is a row of one element.
        int[] dims = axes.Count == 0 ? [1] : [.. axes.Select(a => a.Length)];
        long[] strides = axes.Count == 0 ? [1] : [.. axes.Select(a => a.Stride)];
        return (operands, result) =>
        {
            if (result.Length > 0) StridedWalk.Copy<float>(operands[0], start, dims, strides, result);
        };
    }

    private static (int Length, long Stride)[] Turned(PortableKernels.Call call)
    {
        var data = call.Op.Shape(0);
        int[] strides = data.Strides();
        return [.. call.Op.Ints("axes").Select(axis => data.Axis(axis)).Select(axis => (data[axis], (long)strides[axis]))];
    }

    private static PortableKernel Slice(PortableKernels.Call call)
    {
        int[] strides = call.Op.Shape(0).Strides();
        var (begin, step) = (call.Op.Ints("begin"), call.Op.Ints("strides"));
        long start = strides.Select((stride, axis) => begin[axis] * stride).Sum();
        return View(call, [.. strides.Select((stride, axis) => (call.Result[axis], step[axis] * stride))], start);
    }

    private static (int Length, long Stride)[] Repeated(Shape operand, Shape result)
    {
        int[] own = operand.Strides();
        int before = result.Rank - operand.Rank;
        return
        [
            .. result.Select((dim, axis) => (dim, axis < before || operand[axis - before] == 1 ? 0L : own[axis - before])),
        ];
    }

    private static PortableKernel UpSample(PortableKernels.Call call)
    {
        var data = call.Op.Shape(0);
        int[] strides = data.Strides();
        var (height, width) = call.Op.Pair("scale");
        return View(call,
        [
            (data[0], strides[0]), (data[1], strides[1]), (data[2], strides[2]), ((int)height, 0), (data[3], strides[3]), ((int)width, 0),
        ], 0);
    }

    private static PortableKernel Concat(PortableKernels.Call call)
    {
        int axis = call.Result.Axis(call.Op.Int("axis"));
        int outer = call.Result.Dims[..axis].ToArray().Aggregate(1, (product, dim) => product * dim);
        return (operands, result) =>
        {
            for (int i = 0, at = 0; i < outer; i++)
            {
                foreach (float[] operand in operands)
                {
                    int block = operand.Length / outer;
                    operand.AsSpan(i * block, block).CopyTo(result.AsSpan(at));
                    at += block;
                }
            }
        };
    }
}
