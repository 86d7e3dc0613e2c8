using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

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
        var window = Covering(row);
        string data = row.Operand(0);
        if (IsWide(window))
        {
            data = row.Step("Pad", [data, Pads(row, window), row.Float(double.NegativeInfinity)]);
            window = window.WithPadding(0, 0, 0, 0);
        }
        row.Emit("MaxPool", [data], [Attribute("dilations", [.. window.Dilation]), .. WindowAttributes(window)]);
    }

    /// <summary>
    /// Padding counts in the divisor with count_include_pad, what ceil_mode adds beyond it never does. Where there is both, the padding
    /// becomes a Pad.
    /// </summary>
    private static void AvgPool(OnnxRow row)
    {
        SlidingWindow window = Reached(row), covering = Covering(row, window);
        bool counted = row.Op.Bool("count_include_pad");
        if (counted && IsWide(window))
        {
            WideAverage(row, covering);
            return;
        }
        if (counted && covering != window)
        {
            string padded = row.Step("Pad", [row.Operand(0), Pads(row, window)]);
            var rest = window.WithPadding(
                0, 0, covering.Rows.After - window.Rows.After, covering.Columns.After - window.Columns.After);
            row.Emit("AveragePool", [padded], [Attribute("count_include_pad", 0), .. WindowAttributes(rest)]);
            return;
        }
        row.Emit("AveragePool", row.Operands, [Attribute("count_include_pad", counted ? 1 : 0), .. WindowAttributes(covering)]);
    }

    /// <summary>A convolution with ones, times what an element counts: the optimiser would join a Pad to the pool again.</summary>
    private static void WideAverage(OnnxRow row, SlidingWindow covering)
    {
        var window = SlidingWindow.Of(row.Op);
        Shape data = row.Op.Shape(0), result = row.ResultShape;
        var ones = new float[checked((int)(data[1] * window.TapCount))];
        Array.Fill(ones, 1f);
        string weight = row.Floats(Shape.Of(data[1], 1, (int)window.Rows.Kernel, (int)window.Columns.Kernel), ones);
        string sum = row.Step("Conv", [row.Operand(0), weight], [Attribute("group", data[1]), .. WindowAttributes(covering)]);
        double[] rows = Counts(window.Rows, data[2], result[2]), columns = Counts(window.Columns, data[3], result[3]);
        float[] shares = [.. rows.SelectMany(r => columns.Select(c => (float)(1 / (r * c))))];
        row.Emit("Mul", [sum, row.Floats(Shape.Of(result[2], result[3]), shares)]);

        static double[] Counts(WindowAxis axis, int size, int positions) =>
            [.. Enumerable.Range(0, positions).Select(i => (double)axis.PaddedTaps(i, size))];
    }

    private static bool IsWide(SlidingWindow window) => IsWide(window.Rows) || IsWide(window.Columns);

    private static bool IsWide(WindowAxis axis) => Math.Max(axis.Before, axis.After) >= axis.Kernel;

    /// <summary>The pads of a Pad that stands in for the window's padding.</summary>
    private static string Pads(OnnxRow row, SlidingWindow window) =>
        row.Ints(0, 0, window.Rows.Before, window.Columns.Before, 0, 0, window.Rows.After, window.Columns.After);

    /// <summary>Without what of the trailing padding the last window does not reach: it counts nowhere.</summary>
    private static SlidingWindow Reached(OnnxRow row)
    {
        var window = SlidingWindow.Of(row.Op);
        if (window.Rows.After < window.Rows.Kernel && window.Columns.After < window.Columns.Kernel) return window;
        return new SlidingWindow(Reached(window.Rows, 2), Reached(window.Columns, 3));

        WindowAxis Reached(WindowAxis axis, int dim) =>
            axis with { After = Math.Min(axis.After, axis.Behind(row.Op.Shape(0)[dim], row.ResultShape[dim])) };
    }

    /// <summary>The row's window, with trailing padding up to where the last one ends.</summary>
    private static SlidingWindow Covering(OnnxRow row) => Covering(row, SlidingWindow.Of(row.Op));

    /// <summary>With what the last window reaches beyond the padding as more of it.</summary>
    private static SlidingWindow Covering(OnnxRow row, SlidingWindow window)
    {
        return new SlidingWindow(Covering(window.Rows, 2), Covering(window.Columns, 3));

        WindowAxis Covering(WindowAxis axis, int dim) =>
            axis with { After = axis.After + axis.Beyond(row.Op.Shape(0)[dim], row.ResultShape[dim]) };
    }
}
