using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Shapes;

//  nn.take(@embedding, %indices)   ⇒   cvm.take(@embedding as i16, %indices)   indices are integers already: scale 1
internal static class TakeLowering
{
    /// <summary>Operations that hand an index on, one behind the other, at most.</summary>
    private const int MostHands = 16;

    public static readonly LoweringRule Take = new(
        (op, index, demands) => index == 0 ? demands.Through(op, op["data"]) : IndexDemand(op),
        (op, quantizer) =>
        {
            var data = quantizer.At(op["data"], quantizer.Demands.Through(op, op["data"]));
            var indices = quantizer.At(op["indices"], IndexDemand(op));
            var scale = quantizer.Demands.Of(op.Result).Units;
            return quantizer.Emit(CvmLookup.Take, [data, indices], Attributes.Of(("axis", op.Int("axis"))), scale);
        })
    {
        Freedom = static (_, index, _) => index == 0 ? ScaleFreedom.HandedOn : ScaleFreedom.Unit,
    };

    /// <summary>How many rows an index picks from.</summary>
    public static int Rows(Operation take) => take["data"].Type.Shape[take["data"].Type.Shape.Axis(take.Int("axis"))];

    /// <summary>
    /// Whether a value is nothing but indices, so that its scale is 1: takes alone read it, if need be shifted or reshaped.
    /// </summary>
    public static bool IsIndex(Value value) => IsIndex(value, MostHands);

    private static bool IsIndex(Value value, int hands) => value.Uses.Count > 0 && value.Uses.All(use =>
        use.User is { } op && (op.Spec == NnLookup.Take ? use.Index == 1 : hands > 0 && HandsOn(op) && IsIndex(op.Result, hands - 1)));

    /// <summary>The demand of a value that is nothing but indices: scale 1, and bits for all that takes tell apart.</summary>
    public static Demand IndexDemand(Value value) => value.Uses.Select(use => use.User! switch
    {
        var op when op.Spec == NnLookup.Take => IndexDemand(op),
        var op when op.Spec == NnBinary.Add => ShiftDemand(op),
        var op => IndexDemand(op.Result),
    }).MaxBy(d => d.Precision);

    /// <summary>What an addition that moves indices wants of them: what saturates lies outside the table before and behind it.</summary>
    public static Demand ShiftDemand(Operation op) =>
        new(Precisions.Of(Precisions.Bound(IndexDemand(op.Result).Precision) + Most(Shift(op)!)), 1);

    /// <summary>Whether an addition moves indices by whole numbers.</summary>
    public static bool IsShift(Operation op) => op.Spec == NnBinary.Add && Shift(op) is not null && IsIndex(op.Result);

    private static bool HandsOn(Operation op) => op.Spec == NnShape.Reshape || (op.Spec == NnBinary.Add && Shift(op) is not null);

    /// <summary>The constant of whole numbers that an addition adds; they are few enough to leave bits for the sum.</summary>
    private static ConstantData? Shift(Operation op)
    {
        const long largest = 1 << 24;
        return op.Operands.Select(o => o.Constant).FirstOrDefault(c => c is not null) is { } shift
            && shift.Floats.ToArray().All(v => float.IsInteger(v) && Math.Abs(v) < largest) ? shift : null;
    }

    private static long Most(ConstantData shift) => shift.Floats.ToArray().Max(v => (long)Math.Abs(v));

    private static Demand IndexDemand(Operation take) => new(Precisions.Of(Rows(take) - 1), 1);
}
