using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Matrix products and look-ups.</summary>
internal static class MxNetMatrixOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("dot", "_np_dot", "_npi_dot")
        {
            Doc = "nn.matmul; the second factor is a matrix",
            Data = ["lhs", "rhs"],
            Attributes = [new("transpose_a", "False"), new("transpose_b", "False")],
            Import = n =>
            {
                if (n.Data(1).Type.Shape.Rank != 2 || n.Rank < 2)
                    throw n.Mismatch($"{n.Data(0).Type.Shape} · {n.Data(1).Type.Shape}: the second factor must be a matrix");
                return [Product(n)];
            },
        },
        new("batch_dot", "linalg_gemm2", "_linalg_gemm2", "_npx_batch_dot")
        {
            Doc = "nn.matmul of the last two axes",
            Data = ["lhs", "rhs"],
            Attributes = [new("transpose_a", "False"), new("transpose_b", "False"),
                new("alpha", "1.0", "factor of linalg_gemm2"), new("axis", "-2", "-2")],
            Import = n =>
            {
                n.Attributes.Require("axis", "-2");
                double alpha = n.Attributes.Float("alpha");
                return [alpha == 1 ? Product(n) : n.Emit(NnBinary.Mul, [Product(n, "product"), n.Scalar(alpha)])];
            },
        },
        new("_contrib_div_sqrt_dim")
        {
            Doc = "nn.mul by 1 / √size of the last axis",
            Import = n =>
                [n.Rank == 0
                    ? throw n.Mismatch("data is a scalar")
                    : n.Emit(NnBinary.Mul, [n.Data(), n.Scalar(1 / Math.Sqrt(n.Data().Type.Shape[^1]))])],
        },
        new("Embedding", "_npx_embedding")
        {
            Doc = "nn.take of rows of the weight",
            Parameters = ["weight"],
            Attributes = [new("input_dim"), new("output_dim")],
            Import = n =>
                [n.Emit(NnLookup.Take,
                    [n.Parameter("weight", Fill.Random, n.Attributes.Int("input_dim", 1), n.Attributes.Int("output_dim", 1)), n.Data()])],
        },
        new("take")
        {
            Doc = "nn.take; mode clip",
            Data = ["a", "indices"],
            Attributes = [new("axis", "0"), new("mode", "clip", "clip")],
            Import = n =>
            {
                n.Attributes.Require("mode", "clip");
                return [n.Emit(NnLookup.Take, [n.Data(0), n.Data(1)], ("axis", n.Axis(n.Attributes.Int("axis"), n.Rank)))];
            },
        },
        new("where")
        {
            Doc = "nn.where; condition of the same shape",
            Data = ["condition", "x", "y"],
            Import = n => n.Data(0).Type.Shape == n.Data(1).Type.Shape ? [n.Emit(NnLookup.Where, [n.Data(0), n.Data(1), n.Data(2)])]
                : throw n.Mismatch($"condition {n.Data(0).Type.Shape} has not the shape {n.Data(1).Type.Shape} of the choices"),
        },
    ];

    /// <param name="step">Null where this is the node's result.</param>
    private static Value Product(NodeImport n, string? step = null)
    {
        Value[] factors = [Turned(n, 0, "transpose_a"), Turned(n, 1, "transpose_b")];
        return step is null ? n.Emit(NnConv.MatMul, factors) : n.Step(step, NnConv.MatMul, factors);
    }

    private static Value Turned(NodeImport n, int index, string attribute)
    {
        var value = n.Data(index);
        int rank = value.Type.Shape.Rank;
        if (!n.Attributes.Bool(attribute)) return value;
        if (rank < 2) throw n.Mismatch($"{value.Type.Shape} has no two axes to exchange");
        return n.Step(attribute, NnShape.Transpose, [value], ("axes", (int[])[.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2]));
    }
}
