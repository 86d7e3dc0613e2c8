using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ops;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.OnnxRow;

namespace CortexMl.Frontends.Onnx;

/// <summary>
/// Pools. Runtimes disagree about ceil_mode, so it is never written: the trailing padding is enlarged until the last window fits. ONNX
/// Runtime refuses padding that is as large as the kernel: it becomes a Pad.
/// </summary>
internal static class PoolRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnPool.MaxPool2D] = MaxPool,
        [NnPool.AvgPool2D] = AvgPool,
        [NnPool.GlobalAvgPool] = row => row.Emit("GlobalAveragePool", row.Operands),
        [NnPool.GlobalMaxPool] = row => row.Emit("GlobalMaxPool", row.Operands),
    };

    private static void MaxPool(OnnxRow row)
    {
        var (top, left, bottom, right) = NnWindow.Padding(row.Op);
        var (missingH, missingW) = Missing(row, row.Op.Pair("dilation"));
        (bottom, right) = (bottom + missingH, right + missingW);
        string data = row.Operand(0);
        if (IsWide(row, top, left, bottom, right))
        {
            data = row.Step("Pad", [data, row.Ints(0, 0, top, left, 0, 0, bottom, right), row.Float(double.NegativeInfinity)]);
            (top, left, bottom, right) = (0, 0, 0, 0);
        }
        row.Emit("MaxPool", [data], [Attribute("dilations", row.Op.Ints("dilation")), .. Window(row, top, left, bottom, right)]);
    }

    /// <summary>
    /// Padding counts in the divisor with count_include_pad, what ceil_mode adds beyond it never does. Where there is both, the padding
    /// becomes a Pad.
    /// </summary>
    private static void AvgPool(OnnxRow row)
    {
        var (top, left, bottom, right) = NnWindow.Padding(row.Op);
        var (missingH, missingW) = Missing(row, (1, 1));
        bool counted = row.Op.Bool("count_include_pad");
        (bottom, right) = Reached(row, top, left, bottom, right);
        if (counted && IsWide(row, top, left, bottom, right))
        {
            WideAverage(row, top, left, bottom + missingH, right + missingW);
            return;
        }
        if (counted && missingH + missingW > 0)
        {
            string padded = row.Step("Pad", [row.Operand(0), row.Ints(0, 0, top, left, 0, 0, bottom, right)]);
            row.Emit("AveragePool", [padded], [Attribute("count_include_pad", 0), .. Window(row, 0, 0, missingH, missingW)]);
            return;
        }
        row.Emit("AveragePool", row.Operands,
            [Attribute("count_include_pad", counted ? 1 : 0), .. Window(row, top, left, bottom + missingH, right + missingW)]);
    }

    /// <summary>A convolution with ones, times what an element counts: the optimiser would join a Pad to the pool again.</summary>
    private static void WideAverage(OnnxRow row, long top, long left, long bottom, long right)
    {
        var (kernelH, kernelW) = row.Op.Pair("kernel");
        var (strideH, strideW) = row.Op.Pair("strides");
        var padding = NnWindow.Padding(row.Op);
        Shape data = row.Op.Shape(0), result = row.ResultShape;
        var ones = new float[checked((int)(data[1] * kernelH * kernelW))];
        Array.Fill(ones, 1f);
        string weight = row.Floats(Shape.Of(data[1], 1, (int)kernelH, (int)kernelW), ones);
        string sum = row.Step("Conv", [row.Operand(0), weight], [Attribute("group", data[1]), .. Window(row, top, left, bottom, right)]);
        double[] rows = Counts(result[2], strideH, kernelH, data[2] + padding.Top + padding.Bottom);
        double[] columns = Counts(result[3], strideW, kernelW, data[3] + padding.Left + padding.Right);
        float[] shares = [.. rows.SelectMany(r => columns.Select(c => (float)(1 / (r * c))))];
        row.Emit("Mul", [sum, row.Floats(Shape.Of(result[2], result[3]), shares)]);

        static double[] Counts(int positions, long stride, long kernel, long padded) =>
            [.. Enumerable.Range(0, positions).Select(i => (double)Math.Min(kernel, padded - i * stride))];
    }

    private static bool IsWide(OnnxRow row, long top, long left, long bottom, long right)
    {
        var (kernelH, kernelW) = row.Op.Pair("kernel");
        return Math.Max(top, bottom) >= kernelH || Math.Max(left, right) >= kernelW;
    }

    /// <summary>What of the trailing padding the last window reaches: the rest counts nowhere.</summary>
    private static (long Bottom, long Right) Reached(OnnxRow row, long top, long left, long bottom, long right)
    {
        if (!IsWide(row, 0, 0, bottom, right)) return (bottom, right);
        var (kernelH, kernelW) = row.Op.Pair("kernel");
        var (strideH, strideW) = row.Op.Pair("strides");
        var data = row.Op.Shape(0);
        return (Math.Clamp((row.ResultShape[2] - 1) * strideH + kernelH - data[2] - top, 0, bottom),
            Math.Clamp((row.ResultShape[3] - 1) * strideW + kernelW - data[3] - left, 0, right));
    }

    private static AttributeProto[] Window(OnnxRow row, long top, long left, long bottom, long right) =>
    [
        Attribute("kernel_shape", row.Op.Ints("kernel")), Attribute("pads", top, left, bottom, right),
        Attribute("strides", row.Op.Ints("strides")),
    ];

    /// <summary>How far the last window reaches beyond the padded data, along height and width.</summary>
    private static (long H, long W) Missing(OnnxRow row, (long H, long W) dilation)
    {
        var (top, left, bottom, right) = NnWindow.Padding(row.Op);
        var (kernelH, kernelW) = row.Op.Pair("kernel");
        var (strideH, strideW) = row.Op.Pair("strides");
        var data = row.Op.Shape(0);
        return (Missing(data[2] + top + bottom, row.ResultShape[2], kernelH, strideH, dilation.H),
            Missing(data[3] + left + right, row.ResultShape[3], kernelW, strideW, dilation.W));
    }

    private static long Missing(long padded, long positions, long kernel, long stride, long dilation) =>
        Math.Max(0, (positions - 1) * stride + dilation * (kernel - 1) + 1 - padded);
}
