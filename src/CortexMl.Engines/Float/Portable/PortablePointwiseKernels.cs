using System.Numerics;
using CortexMl.Engines.Interpreter.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CortexMl.Engines.Float.Portable;

/// <summary>
/// Element by element. IEEE 754 rounds one operation on floats as the same operation on doubles that is rounded to a float afterwards.
/// </summary>
internal static class PortablePointwiseKernels
{
    private delegate void Rows(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y);

    private delegate void RowAndNumber(ReadOnlySpan<float> a, float b, Span<float> y);

    private delegate void NumberAndRow(float a, ReadOnlySpan<float> b, Span<float> y);

    public static IEnumerable<KeyValuePair<OpSpec, PortableKernels.Factory>> All =>
    [
        new(NnUnary.Relu, _ => (operands, result) => TensorPrimitives.Max(operands[0], 0f, result)),
        new(NnUnary.Clip, Clip),
        new(NnUnary.LeakyRelu, LeakyRelu),
        Binary(NnBinary.Add, TensorPrimitives.Add, TensorPrimitives.Add, (a, b, y) => TensorPrimitives.Add(b, a, y)),
        Binary(NnBinary.Sub, TensorPrimitives.Subtract, TensorPrimitives.Subtract, TensorPrimitives.Subtract),
        Binary(NnBinary.Mul, TensorPrimitives.Multiply, TensorPrimitives.Multiply, (a, b, y) => TensorPrimitives.Multiply(b, a, y)),
        Binary(NnBinary.Div, TensorPrimitives.Divide, TensorPrimitives.Divide, TensorPrimitives.Divide),
        Binary(NnBinary.Max, TensorPrimitives.Max, TensorPrimitives.Max, (a, b, y) => TensorPrimitives.Max(b, a, y)),
        Binary(NnBinary.Min, TensorPrimitives.Min, TensorPrimitives.Min, (a, b, y) => TensorPrimitives.Min(b, a, y)),
        new(NnConv.BatchNorm, BatchNorm),
    ];

    private static KeyValuePair<OpSpec, PortableKernels.Factory> Binary(OpSpec spec, Rows rows, RowAndNumber right, NumberAndRow left) =>
        new(spec, call =>
        {
            var (a, b) = (new Repeated(call.Op.Shape(0), call.Result), new Repeated(call.Op.Shape(1), call.Result));
            int axes = Math.Min(a.Axes, b.Axes);
            int run = call.Result.Dims[^axes..].ToArray().Aggregate(1, (product, dim) => product * dim);
            return (operands, result) =>
            {
                StridedWalk rowsA = a.Walk(axes), rowsB = b.Walk(axes);
                for (int at = 0; at < result.Length; at += run, rowsA.Next(), rowsB.Next())
                {
                    var y = result.AsSpan(at, run);
                    int startA = (int)rowsA.Offset, startB = (int)rowsB.Offset;
                    if (b.IsOne(axes) && !a.IsOne(axes)) right(operands[0].AsSpan(startA, run), operands[1][startB], y);
                    else if (a.IsOne(axes) && !b.IsOne(axes)) left(operands[0][startA], operands[1].AsSpan(startB, run), y);
                    else if (a.IsOne(axes))
                    {
                        rows(operands[0].AsSpan(startA, 1), operands[1].AsSpan(startB, 1), y[..1]);
                        y[1..].Fill(y[0]);
                    }
                    else rows(operands[0].AsSpan(startA, run), operands[1].AsSpan(startB, run), y);
                }
            };
        });

    /// <summary>A bound that is rounded to a float first cuts off the same floats, and leaves the same.</summary>
    private static PortableKernel Clip(PortableKernels.Call call)
    {
        float min = (float)call.Op.Float("min"), max = (float)call.Op.Float("max");
        return (operands, result) =>
        {
            TensorPrimitives.Max(operands[0], min, result);
            TensorPrimitives.Min(result, max, result);
        };
    }

    private static PortableKernel LeakyRelu(PortableKernels.Call call)
    {
        double slope = call.Op.Float("slope");
        return (operands, result) =>
        {
            float[] data = operands[0];
            for (int i = 0; i < data.Length; i++) result[i] = data[i] > 0 ? data[i] : (float)(slope * data[i]);
        };
    }

    /// <summary>In double, as its definition has it.</summary>
    private static PortableKernel BatchNorm(PortableKernels.Call call)
    {
        int axis = call.Result.Axis(call.Op.Int("axis")), channels = call.Result[axis];
        int inner = call.Result.Dims[(axis + 1)..].ToArray().Aggregate(1, (product, dim) => product * dim);
        double epsilon = call.Op.Float("epsilon");
        return (operands, result) =>
        {
            for (int at = 0; at < result.Length; at += inner)
            {
                int c = at / inner % channels;
                double gamma = operands[1][c], beta = operands[2][c], mean = operands[3][c];
                double deviation = Math.Sqrt(operands[4][c] + epsilon);
                int i = at;
                for (; i + Vector<float>.Count <= at + inner; i += Vector<float>.Count)
                {
                    Vector.Widen(new Vector<float>(operands[0], i), out Vector<double> low, out Vector<double> high);
                    Vector.Narrow(Normal(low), Normal(high)).CopyTo(result, i);
                }
                for (; i < at + inner; i++) result[i] = (float)((operands[0][i] - mean) / deviation * gamma + beta);

                Vector<double> Normal(Vector<double> x) =>
                    (x - new Vector<double>(mean)) / new Vector<double>(deviation) * new Vector<double>(gamma) + new Vector<double>(beta);
            }
        };
    }

    /// <summary>An operand seen through broadcasting.</summary>
    private sealed class Repeated
    {
        private readonly Shape _result;
        private readonly long[] _strides;

        public Repeated(Shape operand, Shape result)
        {
            _result = result;
            _strides = new long[result.Rank];
            int[] own = operand.Strides();
            for (int i = 1; i <= operand.Rank; i++) _strides[^i] = operand[^i] == 1 ? 0 : own[^i];
            long dense = 1;
            bool isOne = true, isDense = true;
            for (; Axes < result.Rank; Axes++)
            {
                int dim = result[^(Axes + 1)];
                long stride = _strides[^(Axes + 1)];
                isDense &= dim == 1 || stride == dense;
                isOne &= dim == 1 || stride == 0;
                if (!isDense && !isOne) break;
                dense *= dim;
            }
        }

        /// <summary>Trailing axes along which the elements are next to each other, or one and the same.</summary>
        public int Axes { get; }

        /// <summary>Whether it is one element along these many trailing axes.</summary>
        public bool IsOne(int axes) =>
            Enumerable.Range(1, axes).All(i => _result[^i] == 1 || _strides[^i] == 0);

        /// <summary>Its starts, row by row of so many trailing axes.</summary>
        public StridedWalk Walk(int axes) => new(_result.Dims[..^axes], _strides.AsSpan(..^axes));
    }
}
