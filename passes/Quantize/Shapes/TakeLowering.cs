using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Shapes;

//  nn.take(@embedding, %indices)   ⇒   cvm.take(@embedding as i16, %indices)   indices are integers already: scale 1
internal static class TakeLowering
{
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

    private static Demand IndexDemand(Operation take) => new(Precisions.Of(Rows(take) - 1), 1);
}
