using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

//  %1 = nn.matmul(%a, %b)   ⇒   %1 = cvm.dense(%a as i8, cvm.transpose(%b as i8))   at the product of the scales
//
// The CVM's dense layer takes any value as its weights. A batch is sliced into its matrices, whose products are concatenated.
internal static class MatMulLowering
{
    /// <summary>A batch of more matrices makes too many operations: four for each.</summary>
    private const int MaxMatrices = 64;

    /// <summary>8 + 8 + bits(32767) = 31.</summary>
    private const int MaxTerms = 32767;

    public static readonly LoweringRule MatMul =
        new((op, index, _) => Demands.Covering(DemandPrecision.Data, op.Operands[index]), Lower) { Refusal = Refusal };

    private static string? Refusal(Operation op) =>
        Batch(op.Result.Type.Shape).Count > MaxMatrices ? $"a batch of more than {MaxMatrices} matrices"
        : op["a"].Type.Shape[^1] > MaxTerms ? $"sums of more than {MaxTerms} terms" : null;

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        Value a = quantizer.At(op["a"], Demands.Covering(DemandPrecision.Data, op["a"])),
        b = quantizer.At(op["b"], Demands.Covering(DemandPrecision.Data, op["b"]));
        var scale = Scale.PerTensor(a.Type.Scale!.Value * b.Type.Scale!.Value);
        var columns = Transposed(quantizer, b);
        var result = op.Result.Type.Shape;
        var batch = Batch(result);
        var products = Enumerable.Range(0, (int)batch.Count).Select(i => quantizer.Emit(
            CvmConv.Dense, [Matrix(quantizer, a, batch, i), Matrix(quantizer, columns, batch, i)],
            ConvolutionLowering.WithBias(Attributes.Of(("units", result[^1])), hasBias: false), scale)).ToList();
        if (products is [var only]) return Reshaped(quantizer, only, result);
        var planes = products.Select(p => Reshaped(quantizer, p, p.Type.Shape.Insert(0, 1))).ToList();
        return Reshaped(quantizer, quantizer.Emit(CvmShape.Concatenate, planes, Attributes.Of(("axis", 0)), scale), result);
    }

    private static Shape Batch(Shape shape) => Shape.Of(shape.Take(shape.Rank - 2));

    private static Value Transposed(Quantizer quantizer, Value value)
    {
        int rank = value.Type.Shape.Rank;
        return quantizer.Emit(CvmShape.Transpose, [value],
            Attributes.Of(("axes", (int[])[.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2])), value.Type.Scale!);
    }

    /// <summary>The matrix of an operand that belongs to matrix <paramref name="index"/> of the broadcast batch.</summary>
    private static Value Matrix(Quantizer quantizer, Value value, Shape batch, int index)
    {
        var shape = value.Type.Shape;
        if (shape.Rank == 2) return value;
        int own = 0;
        var strides = batch.Strides();
        for (int axis = 0; axis < shape.Rank - 2; axis++)
        {
            int at = batch.Rank - (shape.Rank - 2) + axis, place = index / strides[at] % batch[at];
            own = own * shape[axis] + (shape[axis] == 1 ? 0 : place);
        }
        Shape matrix = Shape.Of(shape[^2], shape[^1]), flat = matrix.Insert(0, (int)Batch(shape).Count);
        value = Reshaped(quantizer, value, flat);
        if (flat[0] > 1)
            value = quantizer.Emit(CvmShape.StridedSlice, [value],
                Attributes.Of(("begin", new[] { own, 0, 0 }), ("end", flat.With(0, own + 1))), value.Type.Scale!);
        return Reshaped(quantizer, value, matrix);
    }

    private static Value Reshaped(Quantizer quantizer, Value value, Shape shape) => value.Type.Shape == shape ? value
        : quantizer.Emit(CvmShape.Reshape, [value], Attributes.Of(("shape", shape)), value.Type.Scale!);
}
