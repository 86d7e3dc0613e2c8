using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>Softmax and the rows that normalise by the data itself.</summary>
internal static class NormRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnSoftmax.Softmax] = row => row.Emit("Softmax", row.Operands, Attribute("axis", row.Op.Int("axis"))),
        [NnSoftmax.LogSoftmax] = row => row.Emit("LogSoftmax", row.Operands, Attribute("axis", row.Op.Int("axis"))),
        [NnNorm.Lrn] = Lrn,
        [NnNorm.Normalize] = Normalize,
        [NnNorm.L2Normalize] = row => row.Emit("LpNormalization", row.Operands, Attribute("axis", row.Op.Int("axis")), Attribute("p", 2)),
    };

    //  d = x - ReduceMean(x);  d / Sqrt(ReduceMean(d · d) + epsilon)
    private static void Normalize(OnnxRow row)
    {
        var axes = Attribute("axes", row.Op.Ints("axes"));
        string x = row.Operand(0), apart = row.Op.Bool("center") ? row.Step("Sub", [x, row.Step("ReduceMean", [x], axes)]) : x;
        string power = row.Step("ReduceMean", [row.Step("Mul", [apart, apart])], axes);
        row.Emit("Div", [apart, row.Step("Sqrt", [row.Step("Add", [power, row.Float(row.Op.Float("epsilon"))])])]);
    }

    /// <summary>
    /// ONNX Runtime refuses an even size and factors that are not positive, and takes memory for every channel that a size names: all of
    /// these are
    /// written as x · (bias + alpha / size · Σ x²)^-beta.
    /// </summary>
    private static void Lrn(OnnxRow row)
    {
        double alpha = row.Op.Float("alpha"), beta = row.Op.Float("beta"), bias = row.Op.Float("bias");
        long size = row.Op.Int("size");
        int channels = row.Op.Shape(0)[1];
        if (size % 2 == 1 && size <= 2L * channels && alpha > 0 && beta > 0)
        {
            row.Emit("LRN", row.Operands, Attribute("alpha", alpha), Attribute("beta", beta), Attribute("bias", bias),
                Attribute("size", size));
            return;
        }
        long before = (size - 1) / 2, after = size - 1 - before;
        var band = new float[channels * channels];
        for (int c = 0; c < channels; c++)
            for (long k = Math.Max(0, c - before); k <= Math.Min(channels - 1, c + after); k++)
                band[c * channels + k] = (float)(alpha / size);
        string squares = row.Step("Mul", [row.Operand(0), row.Operand(0)]);
        string sums = row.Step("Conv", [squares, row.Floats(Shape.Of(channels, channels, 1, 1), band)]);
        row.Emit("Mul", [row.Operand(0), row.Step("Pow", [row.Step("Add", [sums, row.Float(bias)]), row.Float(-beta)])]);
    }
}
