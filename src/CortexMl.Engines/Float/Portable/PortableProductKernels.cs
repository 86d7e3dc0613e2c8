using CortexMl.Engines.Float.MachineCode;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Engines.Float.Portable;

/// <summary>Rows that are matrix products. Weights that are constants are put in order once.</summary>
internal static class PortableProductKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, PortableKernels.Factory>> All =>
        [new(NnConv.Conv2D, Conv2D), new(NnConv.Dense, Dense), new(NnConv.MatMul, MatMul)];

    private static PortableKernel Conv2D(PortableKernels.Call call)
    {
        var convolution = new Convolution(call.Op, call.Result, call.Runner.Tiles);
        var weights = call.Constants[1] is { } constant ? convolution.Pack(constant) : null;
        return (operands, result) =>
            convolution.Run(call.Runner, operands[0], weights ?? convolution.Pack(operands[1]), Bias(operands), result);
    }

    private static PortableKernel Dense(PortableKernels.Call call)
    {
        int units = call.Op.Shape(1)[0], depth = call.Op.Shape(1)[1], rows = (int)(call.Result.Count / Math.Max(1, units));
        var bias = call.Op.OperandCount > 2 ? TileBias.Columns : TileBias.None;
        var tile = call.Runner.Tiles.For(new(rows, depth, units, units, bias, IsTiled: true));
        var weights = call.Constants[1] is { } constant ? Tiles(constant) : null;
        var data = new LeftMatrix(rows, depth, tile);
        return (operands, result) =>
        {
            call.Runner.Run([new(data.Pack(operands[0]), weights ?? Tiles(operands[1]), result, 0, Bias(operands), BiasPerRow: false)]);
        };

        RightMatrix Tiles(float[] elements) => RightMatrix.Transposed(elements, units, depth, tile.Columns);
    }

    private static PortableKernel MatMul(PortableKernels.Call call)
    {
        Shape a = call.Op.Shape(0), b = call.Op.Shape(1), batch = Shape.Of(call.Result.Take(call.Result.Rank - 2));
        int rows = a[^2], depth = a[^1], columns = b[^1];
        var tile = call.Runner.Tiles.For(new(rows, depth, columns, columns, TileBias.None));
        int[] steps = RightMatrix.SideBySide(depth, columns);
        LeftMatrix[] lefts = [.. Enumerable.Range(0, (int)batch.Count).Select(_ => new LeftMatrix(rows, depth, tile))];
        return (operands, result) =>
        {
            var products = new List<MatrixProduct>();
            var (walkA, walkB) = (Matrices(a, batch), Matrices(b, batch));
            for (int i = 0; i < batch.Count; i++, walkA.Next(), walkB.Next())
            {
                var left = lefts[i].Pack(operands[0].AsSpan((int)walkA.Offset, rows * depth));
                var right = new RightMatrix(operands[1], (int)walkB.Offset, steps, columns);
                products.Add(new(left, right, result, i * rows * columns, default, BiasPerRow: false));
            }
            call.Runner.Run(products);
        };
    }

    /// <summary>Where each matrix of an operand starts whose leading axes broadcast to a batch.</summary>
    private static Interpreter.Kernels.StridedWalk Matrices(Shape operand, Shape batch)
    {
        int[] own = operand.Strides();
        var strides = new long[batch.Rank];
        for (int i = 3; i <= operand.Rank; i++) strides[^(i - 2)] = operand[^i] == 1 ? 0 : own[^i];
        return new(batch.Dims, strides);
    }

    private static ReadOnlyMemory<float> Bias(IReadOnlyList<float[]> operands) => operands.Count > 2 ? operands[2] : default;
}
