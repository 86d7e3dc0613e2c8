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
//
//  return %ids, %scores, %boxes       [1, 100, 1], [1, 100, 1] and [1, 100, 4], all behind a cvm.non_max_suppression
//  ⇒
//  return %0, %1, %2       [100, 1], [100, 1] and [100, 4], and postprocess = "detection": rows of six words, whatever their precision
public sealed class AlignOutputs : Pass
{
    public static readonly PassInfo Record = new(
        "align-outputs", "Make one row of each output where several have different numbers of rows, and rows of detections", Level.Cvm,
        Level.Cvm)
    {
        Alters = GraphContract.Results,
    };

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        bool isAligned = graph.Outputs.Select(o => Rows(o.Type.Shape)).Distinct().Count() < 2;
        if (!isAligned) Reshape(graph, context.Rewriter, shape => Rows(shape) == 1 ? shape : Shape.Of(1, (int)shape.Count));
        else if (graph.Outputs.Count > 1 && AreDetections(graph))
        {
            Reshape(graph, context.Rewriter, shape => Shape.Of((int)Rows(shape), shape[^1]));
            context.Rewriter.SetGraphAttributes(graph.Attributes.With("postprocess", "detection"));
        }
    }

    private static void Reshape(Graph graph, Rewriter rewriter, Func<Shape, Shape> shapeOf)
    {
        var rows = new Dictionary<Value, Value>();
        foreach (var output in graph.Outputs.Where(o => shapeOf(o.Type.Shape) != o.Type.Shape).Distinct().ToList())
            rows[output] = Reshaped(output, shapeOf(output.Type.Shape), rewriter);
        if (rows.Count > 0) rewriter.SetOutputs([.. graph.Outputs.Select(o => rows.GetValueOrDefault(o, o))]);
    }

    /// <summary>Whether each output is what a suppression left.</summary>
    private static bool AreDetections(Graph graph)
    {
        var behind = new HashSet<Value>();
        foreach (var operation in graph.Operations)
        {
            if (operation.Spec == CvmDetection.NonMaxSuppression || operation.Operands.Any(behind.Contains))
                behind.UnionWith(operation.Results);
        }
        return graph.Outputs.All(behind.Contains);
    }

    private static long Rows(Shape shape) => shape.Rank == 0 || shape[^1] == 0 ? 1 : shape.Count / shape[^1];

    /// <summary>The output's name goes with it, since that is what the user looks for.</summary>
    private static Value Reshaped(Value output, Shape shape, Rewriter rewriter)
    {
        string? name = output.Name;
        var row = rewriter.Insert(null, CvmShape.Reshape, [output], Attributes.Of(("shape", shape)),
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
