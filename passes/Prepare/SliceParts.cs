using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %3 = nn.concat(%ids, %scores, %boxes) {axis = 2}
//  %4 = nn.transpose(%3) {axes = [1, 0, 2]}                       %4 = nn.transpose(%scores) {axes = [1, 0, 2]}
//  %5 = nn.slice(%4; columns 1..2)                         ⇒
//
// A slice of what was joined is taken of the parts, through whatever moved them since. What is joined has one scale in integers: rows of a
// detection are class, score and coordinates, and what is read out of them again should keep its own. Only where no part is cut but a
// single one, and where something of the join is left out.
//
//  %0 = nn.dense(%x, @w: f32[58, 128], @b)
//  %1 = nn.slice(%0; columns 0..29)                        ⇒      %1 = nn.dense(%x, @w: f32[29, 128], @b)
//
// What nobody reads of a layer's result is not computed: a policy's deviations beside its means.
public sealed class SliceParts : RewritePass
{
    public static readonly PassInfo Record = new(
        "slice-parts", "Take slices of joined values from the parts that they are made of, and of a layer's result from its weights",
        Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules => [Rule.On(NnShape.Slice).Rewrite(OfParts), Rule.On(NnShape.Slice).Rewrite(OfLayer)];

    private static Value? OfParts(Operation slice, PassContext context)
    {
        if (AxisCut.Of(slice) is not { } stretch) return null;
        var trace = new PartTrace(slice, context);
        return trace.Of(slice.Operands[0], stretch, 0) is { } make && trace.LeavesOut ? make() : null;
    }

    private static Value? OfLayer(Operation slice, PassContext context)
    {
        if (AxisCut.Of(slice) is not { } stretch || slice.Operands[0] is not { HasOneUse: true, Producer: { } layer }) return null;
        if (!layer.Spec.Is(OpTraits.Product) || layer.Operands.Skip(1).Any(o => !o.IsConstant)) return null;
        bool isConvolution = layer.Spec == NnConv.Conv2D;
        if (isConvolution && layer.Int("groups") != 1) return null;
        if (stretch.Axis != (isConvolution ? 1 : layer.Result.Type.Shape.Rank - 1)) return null;
        int begin = (int)stretch.Begin, count = (int)(stretch.End - stretch.Begin);
        Value[] parameters = [.. layer.Operands.Skip(1).Select(parameter =>
        {
            var shape = parameter.Type.Shape;
            int row = (int)(shape.Count / shape[0]);
            float[] kept = parameter.Constant!.Floats.Slice(begin * row, count * row).ToArray();
            return context.Instead(layer, parameter, shape.With(0, count), kept);
        })];
        return context.Insert(slice, layer.Spec, [layer.Operands[0], .. parameters], layer.Attributes);
    }
}
