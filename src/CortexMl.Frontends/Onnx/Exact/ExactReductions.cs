using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>Rows that fold axes away. At opset 17 only ReduceSum takes its axes as a tensor, and no axes mean all of them.</summary>
internal static class ExactReductions
{
    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>
    {
        [CvmReduce.Sum] = new("ReduceSum", Sum),
        [CvmReduce.Max] = new("ReduceMax", Max),
    };

    private static void Sum(ExactRow row)
    {
        var axes = Axes(row);
        var chain = row.Chain(0, row.Wraps);
        if (axes.Length > 0) chain.Then("ReduceSum", [row.Ints(axes)], Attribute("keepdims", 1));
        chain.To(DataType.Int32).Reshape(Kept(row, axes), row.ResultShape).Emit();
    }

    /// <summary>Without an axis list the fold starts from 0: the maximum of negative numbers is 0 then.</summary>
    private static void Max(ExactRow row)
    {
        var axes = Axes(row);
        var chain = row.Chain(0);
        if (axes.Length > 0) chain.Then("ReduceMax", Attribute("axes", [.. axes]), Attribute("keepdims", 1));
        if (row.Op.Ints("axis").IsEmpty && !row.Op.Bool("exclude")) chain.Then("Max", [row.Number(0, DataType.Int32)]);
        chain.Reshape(Kept(row, axes), row.ResultShape).Emit();
    }

    private static long[] Axes(ExactRow row) => [.. CvmReduce.Axes(row.Op).Select(axis => (long)axis)];

    /// <summary>The data's shape with reduced axes of size 1.</summary>
    private static Shape Kept(ExactRow row, long[] axes) => axes.Aggregate(row.ShapeOf(0), (shape, axis) => shape.With((int)axis, 1));
}
