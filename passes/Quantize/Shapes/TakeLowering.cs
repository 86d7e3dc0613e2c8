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

    /// <summary>Whether a graph input is nothing but indices, so that its scale is 1.</summary>
    public static bool IsIndex(Value value) =>
        value.Uses.Count > 0 && value.Uses.All(use => use.User?.Spec == NnLookup.Take && use.Index == 1);

    public static Demand IndexDemand(Operation op)
    {
        var shape = op["data"].Type.Shape;
        return new Demand(Precisions.Of(shape[shape.Axis(op.Int("axis"))] - 1), 1);
    }
}
