using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Arithmetic of two or more tensors, and of a tensor with a number.</summary>
internal static class MxNetArithmeticOps
{
    public static readonly MxNetOp[] Rows =
    [
        Binary(NnBinary.Add, "elemwise_add", "_add", "_plus", "_Plus", "_grad_add", "broadcast_add", "broadcast_plus"),
        Binary(NnBinary.Sub, "elemwise_sub", "_sub", "_minus", "_Minus", "broadcast_sub", "broadcast_minus"),
        Binary(NnBinary.Mul, "elemwise_mul", "_mul", "_Mul", "broadcast_mul"),
        Binary(NnBinary.Div, "elemwise_div", "_div", "_Div", "broadcast_div"),
        Binary(NnBinary.Max, "_maximum", "_Maximum", "broadcast_maximum"),
        Binary(NnBinary.Min, "_minimum", "_Minimum", "broadcast_minimum"),
        Binary(NnBinary.Pow, "_power", "_Power", "_pow", "broadcast_power"),
        new("add_n", "ElementWiseSum", "_sum")
        {
            Doc = "a chain of nn.add",
            IsVariadic = true,
            Import = n => [n.DataCount == 1 ? n.Emit(NnUnary.Identity, [n.Data()]) : Sum(n)],
        },
        Scalar(NnBinary.Add, "_plus_scalar", "_PlusScalar"),
        Scalar(NnBinary.Sub, "_minus_scalar", "_MinusScalar"),
        ScalarFirst(NnBinary.Sub, "_rminus_scalar", "_RMinusScalar"),
        Scalar(NnBinary.Mul, "_mul_scalar", "_MulScalar"),
        Scalar(NnBinary.Div, "_div_scalar", "_DivScalar"),
        ScalarFirst(NnBinary.Div, "_rdiv_scalar", "_RDivScalar"),
        Scalar(NnBinary.Max, "_maximum_scalar", "_MaximumScalar"),
        Scalar(NnBinary.Min, "_minimum_scalar", "_MinimumScalar"),
        Scalar(NnBinary.Pow, "_power_scalar", "_PowerScalar"),
        ScalarFirst(NnBinary.Pow, "_rpower_scalar", "_RPowerScalar"),
    ];

    private static MxNetOp Binary(OpSpec row, params string[] names) =>
        new(names) { Doc = row.Name, Data = ["lhs", "rhs"], Import = n => [n.Emit(row, [n.Data(0), n.Data(1)])] };

    private static MxNetOp Scalar(OpSpec row, params string[] names) => new(names)
    {
        Doc = $"{row.Name} with a rank-0 constant",
        Attributes = [new("scalar")],
        Import = n => [n.Emit(row, [n.Data(), n.Scalar(n.Attributes.Float("scalar"))])],
    };

    private static MxNetOp ScalarFirst(OpSpec row, params string[] names) => new(names)
    {
        Doc = $"{row.Name} with a rank-0 constant as first operand",
        Attributes = [new("scalar")],
        Import = n => [n.Emit(row, [n.Scalar(n.Attributes.Float("scalar")), n.Data()])],
    };

    private static Value Sum(NodeImport n)
    {
        var sum = n.Data();
        for (int i = 1; i < n.DataCount; i++)
            sum = i == n.DataCount - 1 ? n.Emit(NnBinary.Add, [sum, n.Data(i)]) : n.Step($"sum{i}", NnBinary.Add, [sum, n.Data(i)]);
        return sum;
    }
}
