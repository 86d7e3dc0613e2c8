using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Matrix products, and normalisations by what is known.</summary>
internal static class OnnxLayerOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Gemm", "nn.dense with factors and addition as nn.mul and nn.add") { Import = Gemm },
        new("MatMul", "nn.dense where one factor is a constant matrix, else nn.matmul")
        {
            Import = n => n.Out(Product(n, n.Data(0), n.Data(1))),
        },
        new("BatchNormalization", "nn.batch_norm along axis 1, nn.mul and nn.add for spatial = 0; in its form for inference")
        {
            Import = OnnxBatchNormOps.Import,
        },
        new("LRN", "nn.lrn") { Import = n => n.Out(Lrn(n)) },
    ];

    // alpha · A' · B' + beta · C
    private static Entry[] Gemm(OnnxNode n)
    {
        var a = n.Attributes;
        double alpha = a.Float("alpha", 1), beta = n.Has(2) ? a.Float("beta", 1) : 0;
        var data = a.Bool("transA", false) ? Turn(n, "a", n.Data(0)) : n.Data(0);
        var weight = Matrix(n, n.Data(1));
        weight = a.Bool("transB", false) ? weight : Turn(n, "b", weight);
        if (data.Type.Shape.Rank < 2 || weight.Type.Shape.Rank != 2)
            throw n.Mismatch($"{n.Shape(0)} times {n.Shape(1)}: both must be matrices");
        var bias = beta == 0 ? null : n.Data(2);
        if (alpha == 1 && (bias is null || (beta == 1 && IsBias(bias, weight.Type.Shape[0]))))
            return n.Out(n.Emit(NnConv.Dense, bias is null ? [data, weight] : [data, weight, Vector(n, bias)]));
        bool ends = bias is null;
        var product = alpha != 1
            ? n.Step("product", NnConv.Dense, [data, weight]) : ends
            ? n.Emit(NnConv.Dense, [data, weight])
            : n.Step("product", NnConv.Dense, [data, weight]);
        if (alpha != 1)
            product = ends ? n.Emit(NnBinary.Mul, [product, n.Scalar(alpha)]) : n.Step("scaled", NnBinary.Mul, [product, n.Scalar(alpha)]);
        if (ends) return n.Out(product);
        var added = beta == 1 ? bias! : n.Step("addend", NnBinary.Mul, [bias!, n.Scalar(beta)]);
        return n.Out(n.Emit(NnBinary.Add, [product, added]));
    }

    //  [1, 1, K, N]   ⇒   [K, N]: what optimizers make of a MatMul and an Add
    private static Value Matrix(OnnxNode n, Value weight)
    {
        var shape = weight.Type.Shape;
        return shape.Rank <= 2 || shape.SkipLast(2).Any(d => d != 1) ? weight : n.Reshaped("b.matrix", weight, Shape.Of(shape.TakeLast(2)));
    }

    /// <summary>Whether it is one number for each column: [units] or [1, units].</summary>
    private static bool IsBias(Value bias, int units) =>
        bias.IsConstant && bias.Type.Shape is { Rank: 1 or 2 } shape && shape[^1] == units && shape.Count == units;

    private static Value Vector(OnnxNode n, Value bias) =>
        bias.Type.Shape.Rank == 1 ? bias : n.Step("bias", NnShape.Reshape, [bias], ("shape", new[] { bias.Type.Shape[^1] }));

    //  x · W   ⇒   dense(x, Wᵀ)          W · x   ⇒   (dense(xᵀ, W))ᵀ          NumPy's rules for vectors
    public static Value Product(OnnxNode n, Value a, Value b)
    {
        if (a.Type.Shape.Rank == 0 || b.Type.Shape.Rank == 0) throw n.Mismatch("a scalar has no matrix product");
        bool row = a.Type.Shape.Rank == 1, column = b.Type.Shape.Rank == 1;
        if (row) a = n.Step("row", NnShape.ExpandDims, [a], ("axes", new[] { 0 }));
        if (column) b = n.Step("column", NnShape.ExpandDims, [b], ("axes", new[] { 1 }));
        if (!row && !column) return Matrices(n, a, b);
        var product = n.Step("product", NnConv.MatMul, [a, b]);
        int rank = product.Type.Shape.Rank;
        int[] gone = [.. new[] { row ? rank - 2 : -1, column ? rank - 1 : -1 }.Where(axis => axis >= 0)];
        return n.Emit(NnShape.Squeeze, [product], ("axes", gone));
    }

    private static Value Matrices(OnnxNode n, Value a, Value b)
    {
        if (b is { IsConstant: true, Type.Shape.Rank: 2 } && !a.IsConstant) return n.Emit(NnConv.Dense, [a, Turn(n, "b", b)]);
        if (a is not { IsConstant: true, Type.Shape.Rank: 2 } || b.IsConstant) return n.Emit(NnConv.MatMul, [a, b]);
        var turned = n.Step("dense", NnConv.Dense, [Turn(n, "b", b), a]);
        return n.Emit(NnShape.Transpose, [turned], ("axes", LastTwo(turned.Type.Shape.Rank)));
    }

    /// <summary>The last two axes exchanged; a constant at once, so that layers see constant weights.</summary>
    private static Value Turn(OnnxNode n, string step, Value value)
    {
        int rank = value.Type.Shape.Rank;
        if (rank < 2) throw n.Mismatch($"{value.Type.Shape} is no matrix");
        if (value.Constant?.Tensor is Tensor<float> { Shape.Rank: 2 } matrix)
            return n.Floats($"{step}.turned", (Tensor<float>)Moves.Transpose(matrix, [1, 0]));
        return n.Step($"{step}.turned", NnShape.Transpose, [value], ("axes", LastTwo(rank)));
    }

    private static int[] LastTwo(int rank) => [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];

    private static Value Lrn(OnnxNode n)
    {
        var a = n.Attributes;
        long size = a.Int("size", 0);
        if (size < 1 || size > int.MaxValue) throw a.Unsupported("size", "a positive number");
        return n.Emit(NnNorm.Lrn, [n.Data()], ("size", size), ("alpha", a.Float("alpha", 1e-4f)), ("beta", a.Float("beta", 0.75)),
            ("bias", a.Float("bias", 1)));
    }
}
