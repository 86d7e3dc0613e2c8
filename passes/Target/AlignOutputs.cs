using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Target;

//  return %boxes, %scores       %boxes: i16[1, 10, 4], %scores: i16[1, 20]
//  ⇒
//  %0 = cvm.reshape(%boxes) {shape = [1, 40]} : i16[1, 40]
//  return %0, %scores
//
// The runtime returns several outputs row by row and fails where their numbers of rows differ (size / last dimension;
// CortexMl.Cvm/SPECIFICATION.md §9): then each becomes a single row. model.io.json keeps the network's own shapes.
public sealed class AlignOutputs : Pass
{
    public static readonly PassInfo Record = new(
        "align-outputs", "Make one row of each output where several have different numbers of rows", Level.Cvm, Level.Cvm)
    {
        Alters = GraphContract.Results,
    };

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        if (graph.Outputs.Select(o => Rows(o.Type.Shape)).Distinct().Count() < 2) return;
        var rows = new Dictionary<Value, Value>();
        foreach (var output in graph.Outputs.Where(o => Rows(o.Type.Shape) != 1).Distinct().ToList())
            rows[output] = OneRow(output, context.Rewriter);
        context.Rewriter.SetOutputs([.. graph.Outputs.Select(o => rows.GetValueOrDefault(o, o))]);
    }

    private static long Rows(Shape shape) => shape.Rank == 0 || shape[^1] == 0 ? 1 : shape.Count / shape[^1];

    /// <summary>The output's name goes with it, since that is what the user looks for.</summary>
    private static Value OneRow(Value output, Rewriter rewriter)
    {
        string? name = output.Name;
        var row = rewriter.Insert(null, CvmShape.Reshape, [output], Attributes.Of(("shape", new[] { 1L, output.Type.Shape.Count })),
            output.Producer?.Location).Result;
        rewriter.SetType(row, row.Type with { Scale = output.Type.Scale });
        rewriter.SetProvenance(row, output.Provenance);
        if (output.Producer is null) return row;
        rewriter.SetType(output, output.Type with { Scale = null });
        rewriter.SetName(output, null);
        rewriter.SetName(row, name);
        return row;
    }
}
