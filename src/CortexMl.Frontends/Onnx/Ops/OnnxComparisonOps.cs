using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Comparisons and logic: on known tensors at import, else as truths of 1 and 0; and the choice between two tensors.</summary>
internal static class OnnxComparisonOps
{
    public static readonly OnnxOp[] Rows =
    [
        Comparison("Equal", (a, b) => a == b, TruthRows.Equal),
        Comparison("Less", (a, b) => a < b, TruthRows.Less),
        Comparison("LessOrEqual", (a, b) => a <= b, TruthRows.LessOrEqual),
        Comparison("Greater", (a, b) => a > b, TruthRows.Greater),
        Comparison("GreaterOrEqual", (a, b) => a >= b, TruthRows.GreaterOrEqual),
        Logic("And", (a, b) => a != 0 && b != 0, TruthRows.And),
        Logic("Or", (a, b) => a != 0 || b != 0, TruthRows.Or),
        Logic("Xor", (a, b) => (a != 0) != (b != 0), TruthRows.Xor),
        new("Not", "1 - truth")
        {
            Import = n => Truth(n, TruthRows.Not(n, n.AnyData(), Last(n))),
            Fold = n =>
                n.Out(Constants.FromLongs(
                    DType.Bool, n.Shape(), Array.ConvertAll(n.Constant(0, "the data").Longs(), v => v == 0 ? 1L : 0))),
        },
        new("Where", "nn.where") { Import = Choose, Fold = ChooseKnown },
    ];

    private static OnnxOp Comparison(string name, Func<double, double, bool> holds, ComparisonRow row) =>
        Row(name, holds, (n, a, b) => row(n, a, b, Last(n), new(n.IsWhole(a), n.IsWhole(b))));

    private static OnnxOp Logic(string name, Func<double, double, bool> holds, TruthRow row) =>
        Row(name, holds, (n, a, b) => row(n, a, b, Last(n)));

    private static OnnxOp Row(string name, Func<double, double, bool> holds, Func<OnnxNode, Value, Value, Value> row) =>
        new(name, "nn.greater, and what makes the others of it; a truth is 1 or 0")
        {
            Import = n => Truth(n, row(n, n.Numbers(0), n.Numbers(1))),
            Fold = n => Elementwise.Compare(n, holds),
        };

    /// <summary>Rows that make the node's result.</summary>
    public static LastRow Last(OnnxNode n) => (row, operands) => n.Emit(row, operands);

    public static Entry[] Truth(OnnxNode n, Value value) => [Entry.Of(n.OutputName(0), value, DType.Bool)];

    private static Entry[] Choose(OnnxNode n)
    {
        var condition = n.Known(0) is { } known ? n.Floats("condition", known.ToFloat()) : n.AnyData();
        if (n.Input(1).Type != n.Input(2).Type) throw n.Mismatch($"{n.Input(1).Type} and {n.Input(2).Type} cannot stand side by side");
        return n.OutLike(n.Emit(NnLookup.Where, [condition, n.Numbers(1), n.Numbers(2)]), 1);
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
