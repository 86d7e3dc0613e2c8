using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

//  %1 = nn.matmul(%a, %b)   ⇒   %1 = cvm.dense(%a as i8, cvm.transpose(%b as i8))   at the product of the scales
//
// The CVM's dense layer takes any value as its weights; of batches see BatchedProduct. Operands of 15 bits are two parts of 8,
// a = 128·ah + al (passes/Quantize/README.md §11):
//
//  a·b   ⇒   (ah·bh << k) + (al·bh + ah·bl >> 7-k)
//
// al·bl is left out: it is 18 dB below what 8 bits of either lose.
internal static class MatMulLowering
{
    /// <summary>A batch of more matrices makes too many operations: four for each.</summary>
    private const int MaxMatrices = 64;

    /// <summary>8 + 8 + bits(32767) = 31.</summary>
    private const int MaxTerms = 32767;

    public static readonly LoweringRule MatMul =
        new((op, index, _) => Demands.Operand(op, index), Lower) { Refusal = Refusal };

    /// <summary>Steps of a sum for each of what it becomes: more round it no finer.</summary>
    private const int Plenty = 8;

    private static string? Refusal(Operation op) =>
        BatchedProduct.Batch(op["b"].Type.Shape).Count > 1 && BatchedProduct.Batch(op.Result.Type.Shape).Count > MaxMatrices
            ? $"a batch of more than {MaxMatrices} matrices"
        : op["a"].Type.Shape[^1] > MaxTerms ? $"sums of more than {MaxTerms} terms" : null;

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        Value a = quantizer.At(op["a"], Demands.Operand(op, 0)), b = quantizer.At(op["b"], Demands.Operand(op, 1));
        var columns = Transposed(quantizer, b);
        var width = LayerWidth.Of(op);
        var product = new BatchedProduct(op, quantizer);
        if (width == LayerWidth.Narrow) return product.Of(a, columns);
        var (high, low) = width.WideData ? WideProduct.Parts(quantizer, a) : (a, null);
        var (upper, lower) = width.WideWeights ? WideProduct.Parts(quantizer, columns) : (columns, null);
        var sum = ProductLowering.Tight(quantizer, product.Of(high, upper));
        Value? one = low is null ? null : product.Of(low, upper), other = lower is null ? null : product.Of(high, lower);
        var rest = one is null || other is null ? (one ?? other)! : quantizer.Emit(
            CvmBinary.ElemwiseAdd, [ProductLowering.Tight(quantizer, one), ProductLowering.Tight(quantizer, other)], null, one.Type.Scale!);
        return WideProduct.Joined(quantizer, sum, rest, FineBits(sum, quantizer.Demands.Of(op.Result)));
    }

    /// <summary>Bits of the low parts' sum that the result keeps: as many as its reader sees and 32 bits have room for.</summary>
    private static int FineBits(Value sum, Demand reader)
    {
        double steps = sum.Type.Scale!.Value / reader.Units.Values.Max();
        int bits = 0, room = ShiftBudget.Total - 3 - sum.Type.Precision;
        while (bits < LayerWidth.LowBits && bits < room && Math.ScaleB(steps, bits) < Plenty) bits++;
        return bits;
    }

    //  transpose(%b), where %b = transpose(%x) already   ⇒   one of %x, or %x itself
    private static Value Transposed(Quantizer quantizer, Value value)
    {
        int rank = value.Type.Shape.Rank;
        int[] axes = [.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2];
        if (value.Producer is { } producer && producer.Spec == CvmShape.Transpose && producer.Ints("axes") is { IsEmpty: false } first)
        {
            axes = [.. axes.Select(axis => producer.Operands[0].Type.Shape.Axis(first[axis]))];
            value = producer.Operands[0];
        }
        return axes.SequenceEqual(Enumerable.Range(0, rank)) ? value
            : quantizer.Emit(CvmShape.Transpose, [value], Attributes.Of(("axes", axes)), value.Type.Scale!);
    }
}
