using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>Max pools: ONNX Runtime's are of bytes, among the integers; of wider numbers they are spelled as maxima of slices.</summary>
internal static class ExactPools
{
    private const int Rows = 2, Columns = 3;

    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>
    {
        [CvmPool.MaxPool2D] = new("MaxPool of bytes; Pad, Slice, Max where the data are wider", MaxPool),
        [CvmPool.UpSampling] = new("Reshape, Expand", row =>
        {
            int scale = (int)row.Op.Int("scale");
            ExactMoves.Repeat(row, row.ShapeOf(0), [1, 1, scale, scale]);
        }),
    };

    private static void MaxPool(ExactRow row)
    {
        var window = SlidingWindow.Of(row.Op);
        var covering = new SlidingWindow(Covering(window.Rows, Rows), Covering(window.Columns, Columns));
        if (!ByteTensor.Holds(row.Range(0)))
        {
            MaxOfSlices(row, covering);
            return;
        }
        var data = row.Bytes(0);
        row.From(data.Name, DataType.Uint8).Then("MaxPool", WindowAttributes(covering)).To(DataType.Int32).Add(-data.Zero).Emit();

        // What ceil_mode adds is trailing padding here: runtimes disagree about the attribute.
        WindowAxis Covering(WindowAxis axis, int dim) =>
            axis with { After = Math.Max(axis.After, axis.Behind(row.ShapeOf(0)[dim], row.ResultShape[dim])) };
    }

    /// <summary>Around the data lies the smallest integer, which is never the largest of a window that sees any of them.</summary>
    private static void MaxOfSlices(ExactRow row, SlidingWindow window)
    {
        string data = row.Operand(0);
        if (window.HasPadding)
            data = row.Step("Pad", [data, row.Ints(0, 0, window.Rows.Before, window.Columns.Before, 0, 0, window.Rows.After,
                window.Columns.After), row.Number(int.MinValue, DataType.Int32)]);
        foreach (var (axis, along) in new[] { (Rows, window.Rows), (Columns, window.Columns) })
            data = Largest(row, data, axis, row.ShapeOf(0)[axis] + along.Before + along.After, along);
        row.Emit("Identity", [data]);
    }

    //  m1 = x, m2[i] = max(m1[i], m1[i + 1]), m4[i] = max(m2[i], m2[i + 2]), …: maxima of 1, 2, 4, … elements, as many as fit the
    //  window; two of the last, which may overlap, cover it: y[j] = max(m4[j · stride], m4[j · stride + taps - 4])
    private static string Largest(ExactRow row, string data, int axis, long size, WindowAxis window)
    {
        long covered = 1, left = size;
        for (; 2 * covered <= window.Kernel; covered *= 2)
        {
            left -= covered;
            data = row.Step("Max", [row.Slice(data, axis, 0, left), row.Slice(data, axis, covered, left)]);
        }
        string first = row.Slice(data, axis, 0, row.ResultShape[axis], window.Stride);
        return covered == window.Kernel ? first
            : row.Step("Max", [first, row.Slice(data, axis, window.Kernel - covered, row.ResultShape[axis], window.Stride)]);
    }
}
