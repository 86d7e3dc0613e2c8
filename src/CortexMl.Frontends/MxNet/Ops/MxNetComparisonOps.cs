using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Comparisons and logic; the result is 1 or 0 in the data's own type.</summary>
internal static class MxNetComparisonOps
{
    public static readonly MxNetOp[] Rows =
    [
        .. Comparison("equal", TruthRows.Equal), .. Comparison("not_equal", TruthRows.NotEqual),
        .. Comparison("greater", TruthRows.Greater), .. Comparison("greater_equal", TruthRows.GreaterOrEqual),
        .. Comparison("lesser", TruthRows.Less), .. Comparison("lesser_equal", TruthRows.LessOrEqual),
        .. Logic("and", TruthRows.And), .. Logic("or", TruthRows.Or), .. Logic("xor", TruthRows.Xor),
        new("logical_not", "_npi_logical_not")
        {
            Doc = "1 where the number is 0",
            Import = n => [TruthRows.Not(n, Truth(n, n.Data(), "truth"), Last(n))],
        },
        new("sign", "_npi_sign") { Doc = "nn.greater than 0, less nn.greater of 0", Import = n => [TruthRows.Sign(n, n.Data(), Last(n))] },
    ];

    private static IEnumerable<MxNetOp> Comparison(string name, ComparisonRow row)
    {
        const string doc = "nn.greater, and what makes the others of it";
        string numpy = name.Replace("lesser", "less", StringComparison.Ordinal);
        yield return new($"_{name}", $"broadcast_{name}", $"_npi_{numpy}")
        {
            Doc = doc,
            Data = ["lhs", "rhs"],
            Import = n => [row(n, n.Data(0), n.Data(1), Last(n), Whole(n.Data(0), n.Data(1)))],
        };
        yield return new($"_{name}_scalar", $"_npi_{numpy}_scalar")
        {
            Doc = $"{doc}, with a rank-0 constant",
            Attributes = [new("scalar")],
            Import = n =>
            {
                var scalar = n.Scalar(n.Attributes.Float("scalar"));
                return [row(n, n.Data(), scalar, Last(n), Whole(n.Data(), scalar))];
            },
        };
    }

    private static IEnumerable<MxNetOp> Logic(string name, TruthRow row)
    {
        const string doc = "of whether each number is 0";
        yield return new($"broadcast_logical_{name}", $"_logical_{name}", $"_npi_logical_{name}")
        {
            Doc = doc,
            Data = ["lhs", "rhs"],
            Import = n => [row(n, Truth(n, n.Data(0), "first"), Truth(n, n.Data(1), "second"), Last(n))],
        };
        yield return new($"_logical_{name}_scalar")
        {
            Doc = $"{doc}, with a rank-0 constant",
            Attributes = [new("scalar")],
            Import = n =>
            {
                var scalar = n.Floats("scalar", Tensor.Scalar(n.Attributes.Float("scalar") != 0 ? 1f : 0));
                return [row(n, Truth(n, n.Data(), "first"), scalar, Last(n))];
            },
        };
    }

    private static WholeOperands Whole(Value a, Value b)
    {
        var whole = new WholeNumbers();
        return new(whole.Holds(a), whole.Holds(b));
    }

    public static LastRow Last(NodeImport n) => (row, operands) => n.Emit(row, operands);

    private static Value Truth(NodeImport n, Value value, string step) =>
        TruthRows.Truth(n, value, (row, operands) => n.Step(step, row, operands), new WholeNumbers().Holds(value));
}
