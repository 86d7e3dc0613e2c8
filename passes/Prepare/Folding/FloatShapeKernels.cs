using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnShape"/>: where each element of the result comes from.</summary>
internal static class FloatShapeKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnShape.Flatten] = SameElements,
        [NnShape.Reshape] = SameElements,
        [NnShape.ExpandDims] = SameElements,
        [NnShape.Squeeze] = SameElements,
        [NnShape.Transpose] = Transpose,
        [NnShape.Concat] = Concat,
        [NnShape.Slice] = Slice,
        [NnShape.Pad] = Pad,
        [NnShape.UpSample] = UpSample,
        [NnShape.Tile] = Tile,
        [NnShape.Repeat] = Repeat,
        [NnShape.BroadcastTo] = (_, operands, result) =>
        {
            int[] strides = Walk.BroadcastStrides(operands[0].Shape, result);
            return Walk.Gather(result, operands[0].Data, index => Walk.Offset(index, strides));
        },
        [NnShape.DepthToSpace] = DepthToSpace,
        [NnShape.SpaceToDepth] = SpaceToDepth,
    };

    private static double[] SameElements(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result) => [.. operands[0].Data];

    private static double[] Transpose(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int[] strides = operands[0].Shape.Strides();
        int[] moved = [.. op.Ints("axes").Select(axis => strides[operands[0].Shape.Axis(axis)])];
        return Walk.Gather(result, operands[0].Data, index => Walk.Offset(index, moved));
    }

    private static double[] Concat(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        var (outer, size, inner) = Walk.Around(result, result.Axis(op.Int("axis")));
        var values = new double[checked((int)result.Count)];
        int start = 0;
        foreach (var operand in operands)
        {
            int block = operand.Length / outer;
            for (int i = 0; i < outer; i++) Array.Copy(operand.Data, i * block, values, i * size * inner + start, block);
            start += block;
        }
        return values;
    }

    private static double[] Slice(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int[] strides = operands[0].Shape.Strides();
        var begin = op.Ints("begin");
        var step = op.Ints("strides");
        int first = 0;
        for (int axis = 0; axis < strides.Length; axis++)
        {
            first += (int)begin[axis] * strides[axis];
            strides[axis] *= (int)step[axis];
        }
        return Walk.Gather(result, operands[0].Data, index => first + Walk.Offset(index, strides));
    }

    private static double[] Pad(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        var before = op.Ints("before");
        int[] strides = result.Strides();
        var values = new double[checked((int)result.Count)];
        Array.Fill(values, op.Float("value"));
        int corner = before.Select((pad, axis) => (int)pad * strides[axis]).Sum();
        Walk.Over(operands[0].Shape, (at, index) => values[corner + Walk.Offset(index, strides)] = operands[0].Data[at]);
        return values;
    }

    private static double[] UpSample(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int[] strides = operands[0].Shape.Strides();
        var (h, w) = op.Pair("scale");
        return Walk.Gather(result, operands[0].Data,
            i => i[0] * strides[0] + i[1] * strides[1] + i[2] / (int)h * strides[2] + i[3] / (int)w * strides[3]);
    }

    private static double[] Tile(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        var data = operands[0].Shape;
        int[] strides = data.Strides();
        return Walk.Gather(result, operands[0].Data, index => index.Select((i, axis) => i % data[axis] * strides[axis]).Sum());
    }

    private static double[] Repeat(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int axis = result.Axis(op.Int("axis")), repeats = (int)op.Int("repeats");
        int[] strides = operands[0].Shape.Strides();
        return Walk.Gather(result, operands[0].Data, index => index.Select((i, a) => (a == axis ? i / repeats : i) * strides[a]).Sum());
    }

    private static double[] DepthToSpace(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int b = (int)op.Int("block");
        int[] s = operands[0].Shape.Strides();
        return Walk.Gather(result, operands[0].Data,
            i => i[0] * s[0] + Channel(op, b, i[2] % b, i[3] % b, i[1], result[1]) * s[1] + i[2] / b * s[2] + i[3] / b * s[3]);
    }

    private static double[] SpaceToDepth(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        int b = (int)op.Int("block"), channels = operands[0].Shape[1];
        int[] s = result.Strides();
        var values = new double[operands[0].Length];
        Walk.Over(operands[0].Shape, (at, i) =>
            values[i[0] * s[0] + Channel(op, b, i[2] % b, i[3] % b, i[1], channels) * s[1] + i[2] / b * s[2]
                + i[3] / b * s[3]] = operands[0].Data[at]);
        return values;
    }

    /// <summary>The deep channel that holds pixel (y, x) of the block of shallow channel c.</summary>
    private static int Channel(IOperation op, int block, int y, int x, int c, int channels) =>
        op.Text("mode") == "DCR" ? (y * block + x) * channels + c : (c * block + y) * block + x;
}
