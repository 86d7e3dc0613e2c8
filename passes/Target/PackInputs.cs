using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Target;

//  graph @g(%a: i8[1, 2, 3] @ 127, %b: i10[5] @ 1) … {      graph @g(%data: i10[11]) … {
//    %0 = f(%a, %b)                                             %1 = cvm.strided_slice(%data) {begin = [0], end = [6]} : i10[6]
//                                                       ⇒      %2 = cvm.cvm_clip(%1) {precision = 8} : i8[6]
//                                                               %a = cvm.reshape(%2) {shape = [1, 2, 3]} : i8[1, 2, 3]
//                                                               %b = cvm.strided_slice(%data) {begin = [6], end = [11]} : i10[5]
//                                                               %0 = f(%a, %b)
//
// The runtime takes one input, `data`: several are flattened and concatenated in their order. Each keeps its own scale and precision, so
// the clip changes nothing on what a caller gives. The packed input has a scale only where all inputs have the same, and none is centred.
// Source: passes/Quantize/README.md §9.
public sealed class PackInputs : Pass
{
    public static readonly PassInfo Record = new(
        "pack-inputs", "Pack several inputs into the CVM's single one, and slice it", Level.Cvm, Level.Cvm)
    {
        Alters = GraphContract.Inputs | GraphContract.Precisions | GraphContract.Scales,
    };

    private const string PackedName = "data";

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        if (graph.Inputs.Count < 2) return;
        var rewriter = context.Rewriter;
        var inputs = graph.Inputs.ToList();
        long total = inputs.Sum(i => i.Type.Shape.Count);
        if (total > CvmRules.MaxDimension)
        {
            throw new DiagnosticException(BoundCodes.PackedTooLarge,
                $"{Counted.Of(inputs.Count, "input has", "inputs have")} {Counted.Of(total, "element")} together; "
                + $"the CVM's single input holds {CvmRules.MaxDimension}",
                hint: "bind inputs that never change to constants with --bind, or make them smaller with --input");
        }
        bool centred = inputs.Index().Any(i => InputSignature.CenteringOf(graph, i.Index) is not null);
        string[] names = [.. inputs.Select(i => i.Name!)];
        foreach (var input in inputs) rewriter.SetName(input, null);
        var scale = centred ? null : CommonScale(inputs);
        var packed = rewriter.AddInput(PackedName, TensorType.Integer(inputs.Max(i => i.Type.Precision), Shape.Of((int)total), scale));
        rewriter.SetGraphAttributes(InputSignature.Without(graph.Attributes));
        var anchor = graph.Operations.Count > 0 ? graph.Operations[0] : null;
        int begin = 0;
        foreach (var (input, name) in inputs.Zip(names))
        {
            int end = begin + (int)input.Type.Shape.Count;
            if (input.Uses.Count > 0)
            {
                var unpacked = Unpack(rewriter, anchor, packed, input.Type, begin, end);
                rewriter.Replace(input, unpacked);
                rewriter.SetName(unpacked, name);
            }
            begin = end;
        }
        rewriter.RemoveInputs(inputs);
    }

    private static Value Unpack(Rewriter rewriter, Operation? anchor, Value packed, TensorType type, int begin, int end)
    {
        var value = Insert(CvmShape.StridedSlice, packed, Attributes.Of(("begin", new[] { begin }), ("end", new[] { end })));
        if (type.Precision < packed.Type.Precision) value = Insert(CvmUnary.CvmClip, value, Attributes.Of(("precision", type.Precision)));
        return type.Shape.Rank == 1 ? value : Insert(CvmShape.Reshape, value, Attributes.Of(("shape", type.Shape)));

        Value Insert(OpSpec spec, Value operand, Attributes attributes) =>
            rewriter.Insert(anchor, spec, [operand], attributes, SourceLocation.Unknown).Result;
    }

    private static Scale? CommonScale(IReadOnlyList<Value> inputs)
    {
        var first = inputs[0].Type.Scale;
        return first is { IsPerChannel: false } && inputs.All(i => first.Equals(i.Type.Scale)) ? first : null;
    }
}
