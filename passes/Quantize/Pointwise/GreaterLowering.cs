using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Shapes;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Pointwise;

//  nn.greater(a, b)        ⇒   cvm.broadcast_greater(a, b)              integers at one scale: exact as soon as they are
//  nn.greater(%words, @c)  ⇒   cvm.broadcast_greater(%words, ⌊@c⌋)      indices are whole numbers at scale 1: exact
//  nn.greater(@c, %words)  ⇒   cvm.broadcast_greater(⌈@c⌉, %words)
internal static class GreaterLowering
{
    public static readonly LoweringRule Greater = new(
        (op, index, demands) => Whole(op) is { } whole ? (op.Operands[index].IsConstant ? null : whole)
            : SumLowering.Common(op, index, demands),
        (op, quantizer) =>
        {
            Value[] operands = [.. op.Operands.Select((o, k) => Whole(op) is not { } whole ? SumLowering.At(op, o, quantizer)
                : o.Constant is { } constant ? Limits(o, constant, rounding: k == 0 ? Math.Ceiling : Math.Floor, whole, quantizer)
                : quantizer.At(o, whole))];
            return quantizer.Emit(CvmBinary.BroadcastGreater, operands, null, Scale.PerTensor(1));
        })
    {
        Freedom = static (op, _, _) => Whole(op) is null ? ScaleFreedom.Shared : ScaleFreedom.Unit,
    };

    /// <summary>How operands are wanted that are indices, or indices and constants; null for others.</summary>
    private static Demand? Whole(Operation op)
    {
        var rows = op.Operands.Where(o => !o.IsConstant).Select(IndexInput.RowsBehind).ToList();
        return rows.Count == 0 || rows.Contains(null) ? null : new Demand(Precisions.Of(rows.Max()!.Value - 1), 1);
    }

    /// <summary>Whole numbers that tell indices apart as the constants do; those beyond all indices stay beyond them.</summary>
    private static Value Limits(
        Value value, ConstantData constant, Func<double, double> rounding, Demand whole, Quantizer quantizer)
    {
        long beyond = Precisions.Bound(whole.Precision) + 1;
        int[] limits = [.. constant.Floats.ToArray().Select(c => (int)Math.Clamp(rounding(c), -beyond, beyond))];
        var tensor = Tensor.Create(Quantizer.WithDimension(value.Type.Shape), limits);
        return quantizer.Constant(quantizer.Name(value), tensor, Scale.PerTensor(1));
    }
}
