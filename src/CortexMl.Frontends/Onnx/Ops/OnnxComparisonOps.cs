using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Comparisons and logic, which only shape arithmetic needs, and the choice between two tensors.</summary>
internal static class OnnxComparisonOps
{
    public static readonly OnnxOp[] Rows =
    [
        Comparison("Equal", (a, b) => a == b),
        Comparison("Less", (a, b) => a < b),
        Comparison("LessOrEqual", (a, b) => a <= b),
        Comparison("Greater", (a, b) => a > b),
        Comparison("GreaterOrEqual", (a, b) => a >= b),
        Comparison("And", (a, b) => a != 0 && b != 0),
        Comparison("Or", (a, b) => a != 0 || b != 0),
        Comparison("Xor", (a, b) => (a != 0) != (b != 0)),
        new("Not", "on constants")
        {
            Fold = n =>
                n.Out(Constants.FromLongs(
                    DType.Bool, n.Shape(), Array.ConvertAll(n.Constant(0, "the data").Longs(), v => v == 0 ? 1L : 0))),
        },
        new("Where", "nn.where; constant condition") { Import = Choose, Fold = ChooseKnown },
    ];

    private static OnnxOp Comparison(string name, Func<double, double, bool> holds) =>
        new(name, "on constants") { Fold = n => Elementwise.Compare(n, holds) };

    private static Entry[] Choose(OnnxNode n)
    {
        var condition = n.Constant(0, "the condition").ToFloat();
        return n.Out(n.Emit(NnLookup.Where, [n.Floats("condition", condition), n.Data(1), n.Data(2)]));
    }

    private static Entry[] ChooseKnown(OnnxNode n)
    {
        Tensor condition = n.Constant(0, "the condition"), x = n.Constant(1, "input 1"), y = n.Constant(2, "input 2");
        var (values, _, _) = Elementwise.Aligned(n, x, y);
        var shape = Shape.Broadcast(values, condition.Shape) ?? throw n.Mismatch($"{condition.Shape} and {values} do not broadcast");
        n.Reserve(shape.Select(d => (long)d), x.DType);
        long[] chosen = Moves.Broadcast(condition, shape).Longs();
        Tensor a = Moves.Broadcast(x, shape), b = Moves.Broadcast(Constants.Cast(y, x.DType), shape);
        if (!x.DType.IsReal())
        {
            long[] left = a.Longs(), right = b.Longs();
            return n.Out(Constants.FromLongs(x.DType, shape, [.. chosen.Select((c, i) => c != 0 ? left[i] : right[i])]));
        }
        double[] first = a.Doubles(), second = b.Doubles();
        return n.Out(Constants.FromDoubles(DType.F32, shape, [.. chosen.Select((c, i) => c != 0 ? first[i] : second[i])]));
    }
}
