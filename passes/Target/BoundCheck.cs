using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Cvm;

namespace CortexMl.Passes.Target;

//  graph   ⇒   the same graph, and the proof that it computes what it means on every device
//
// Interval analysis with the real weights: no int32 wrap anywhere, every declared precision holds what is proven, every table index
// inside its table, every portable rule kept. Runs last, on exactly the graph that is emitted. Source: passes/Quantize/README.md §7.
public sealed class BoundCheck : Pass
{
    public static readonly PassInfo Record =
        new("bound-check", "Prove that no value can leave its precision, and write the proof", Level.Cvm, Level.Cvm);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var ranges = Intervals.Of(graph);
        var found = new DiagnosticBag();
        foreach (var overflow in ranges.Overflows)
            Grown(found, BoundCodes.Overflow, overflow.Operation, ranges,
                $"{Where(overflow.Operation, graph)} can reach {overflow.Exact}, "
                + $"which needs {Counted.Of(overflow.Exact.Precision, "bit")} of 32",
                "lower the precision of its operands, or normalise the weights that make it grow");
        // What wrapped has no precision to check any more.
        var wrapped = ranges.Overflows.Select(o => o.Operation).ToHashSet();
        foreach (var operation in graph.Operations.Where(o => !wrapped.Contains(o)))
        {
            foreach (var result in operation.Results) CheckPrecision(graph, operation, result, ranges, found);
            if (operation.Spec == CvmLookup.CvmLut) CheckIndex(graph, operation, ranges, found);
        }
        foreach (var divergence in PortableRules.Check(graph))
            found.Error(BoundCodes.NotPortable, $"{Where(divergence.Operation, graph)}: {divergence.Reason}", divergence.Operation.Location,
                "the reference's devices disagree there; use a form within the portable rules");
        if (found.HasErrors) throw new DiagnosticException(found.Items) { IsRejection = true };
        context.Services.Results.Set(BoundProof.Of(graph, ranges));
    }

    private static void CheckPrecision(Graph graph, Operation operation, Value result, Intervals ranges, DiagnosticBag found)
    {
        var proven = ranges[result].All;
        if (proven.Precision <= result.Type.Precision) return;
        Grown(found, BoundCodes.Precision, operation, ranges,
            $"{Where(operation, graph)} can reach {proven}, "
            + $"which needs {Counted.Of(proven.Precision, "bit")}, but declares {result.Type.Precision}",
            "a cvm_clip to the declared precision makes it true; a wider precision makes it exact");
    }

    private static void Grown(DiagnosticBag found, string code, Operation operation, Intervals ranges, string message, string hint) =>
        found.Add(new Diagnostic(code, Severity.Error, message, operation.Location, hint)
        {
            Details = [GrowthChain.Of(operation, ranges)],
        });

    private static void CheckIndex(Graph graph, Operation operation, Intervals ranges, DiagnosticBag found)
    {
        var index = ranges[operation["data"]].All;
        long last = operation["table"].Type.Shape.Count - 1;
        if (!index.IsWithin(0, last))
            found.Error(BoundCodes.TableIndex, $"{Where(operation, graph)}: index {index} leaves the table 0..{last}", operation.Location,
                "clip the index, or widen the table");
    }

    private static string Where(Operation operation, Graph graph) => $"{operation.Spec.Name} '{Names.Of(graph)[operation.Results[0]]}'";
}
