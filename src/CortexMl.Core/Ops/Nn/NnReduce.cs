using CortexMl.Ir;
using CortexMl.Tensors;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that fold axes away.</summary>
public static class NnReduce
{
    public static readonly OpSpec Mean = Row("nn.reduce_mean", "Mean over the axes");
    public static readonly OpSpec Sum = Row("nn.reduce_sum", "Sum over the axes");
    public static readonly OpSpec Max = Row("nn.reduce_max", "Largest element over the axes");

    private static OpSpec Row(string name, string doc) => new(name)
    {
        Doc = doc,
        Operands = [NnRule.Data],
        Attributes = [Ints("axes", "axes to fold, at least one"), Bool("keepdims", "keep them with size 1", false)],
        Shapes = op =>
        {
            var data = op.Shape(0);
            int[] axes = NnRule.Axes(op, "axes", data.Rank);
            if (axes.Length == 0) throw op.Logic("axes is empty", "name the axes to fold");
            bool keep = op.Bool("keepdims");
            return [Shape.Of(data.Select((dim, axis) => axes.Contains(axis) ? (keep ? 1 : -1) : dim).Where(dim => dim >= 0))];
        },
        Levels = Level.Float,
        Traits = OpTraits.Monotone | OpTraits.Homogeneous,
    };
}
