using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Arithmetic of two or more tensors, and of a tensor with a number.</summary>
internal static class MxNetArithmeticOps
{
    public static readonly MxNetOp[] Rows =
    [
        Binary(NnBinary.Add, "elemwise_add", "_add", "_plus", "_Plus", "_grad_add", "broadcast_add", "broadcast_plus", "_npi_add"),
        Binary(NnBinary.Sub, "elemwise_sub", "_sub", "_minus", "_Minus", "broadcast_sub", "broadcast_minus", "_npi_subtract"),
        Binary(NnBinary.Mul, "elemwise_mul", "_mul", "_Mul", "broadcast_mul", "_npi_multiply"),
        Binary(NnBinary.Div, "elemwise_div", "_div", "_Div", "broadcast_div", "_npi_true_divide"),
        Binary(NnBinary.Max, "_maximum", "_Maximum", "broadcast_maximum", "_npi_maximum"),
        Binary(NnBinary.Min, "_minimum", "_Minimum", "broadcast_minimum", "_npi_minimum"),
        Binary(NnBinary.Pow, "_power", "_Power", "_pow", "broadcast_power", "_npi_power"),
        new("add_n", "ElementWiseSum", "_sum", "_npx_add_n")
        {
            Doc = "a chain of nn.add",
            IsVariadic = true,
            Import = n => [n.DataCount == 1 ? n.Emit(NnUnary.Identity, [n.Data()]) : Sum(n)],
        },
        Scalar(NnBinary.Add, "_plus_scalar", "_PlusScalar", "_npi_add_scalar"),
        Scalar(NnBinary.Sub, "_minus_scalar", "_MinusScalar", "_npi_subtract_scalar"),
        ScalarFirst(NnBinary.Sub, "_rminus_scalar", "_RMinusScalar", "_npi_rsubtract_scalar"),
        Scalar(NnBinary.Mul, "_mul_scalar", "_MulScalar", "_npi_multiply_scalar"),
        Scalar(NnBinary.Div, "_div_scalar", "_DivScalar", "_npi_true_divide_scalar"),
        ScalarFirst(NnBinary.Div, "_rdiv_scalar", "_RDivScalar", "_npi_rtrue_divide_scalar"),
        Scalar(NnBinary.Max, "_maximum_scalar", "_MaximumScalar", "_npi_maximum_scalar"),
        Scalar(NnBinary.Min, "_minimum_scalar", "_MinimumScalar", "_npi_minimum_scalar"),
        Scalar(NnBinary.Pow, "_power_scalar", "_PowerScalar", "_npi_power_scalar"),
        ScalarFirst(NnBinary.Pow, "_rpower_scalar", "_RPowerScalar", "_npi_rpower_scalar"),
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
