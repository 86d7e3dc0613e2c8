using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Schemes;

namespace CortexMl.Passes.Inputs;

//  graph @g(%x: f32[1, 2] within 41600) …                     graph @g(%x: f32[1, 2] within 3) …
//    %0 = nn.add(%x, [-0.5, -20800]) : … within 20800    ⇒      %3 = nn.dense(%x, @w)
//    %1 = nn.mul(%0, [2, 0.0001]) : … within 3                  attributes {input.0.axis = 1, input.0.gain.0 = 2, …}
//    %2 = nn.identity(%1) : … within 3
//    %3 = nn.dense(%2, @w)
//
// Integers of one scale cannot hold columns of very different ranges, but what the network makes of them first, they can: so it is done
// before the input becomes integers. The graph's attributes keep it, model.io.json hands it on, and `run` does it in double.
public sealed class LiftInputScale : Pass
{
    public static readonly PassInfo Record = new(
        "lift-input-scale", "Leave the standardisation of columns that one scale cannot hold to whoever prepares the input's integers",
        Level.Float, Level.Float);

    /// <summary>By how much the rounding of the input, as the network's first layer sees it, must become smaller.</summary>
    private const double Worthwhile = 4;

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var names = Names.Of(graph);
        var seen = context.Services.Results.Get<CalibrationFile>()?.Values.ToLookup(v => v.Name, StringComparer.Ordinal);
        foreach (var (k, input) in graph.Inputs.ToList().Index())
        {
            if (context.Rewriter.Exhausted) return;
            if (InputScale.Of(input) is not { } scale || scale.Result is not { HasOneUse: true } result) continue;
            if (result.Uses[0].User is not { } kept || kept.Spec != NnUnary.Identity) continue;
            if (InputSignature.CenteringOf(graph, k) is not null || scale.Factor.Any(f => f < 0)) continue;
            double threshold = Math.Max(Demands.Threshold(result), Demands.Threshold(kept.Result));
            // Inputs are never cut off.
            if (seen?[names[result]].FirstOrDefault()?.Seen is { } summary)
                threshold = Math.Max(threshold, CalibrationMethod.RoundUp(Math.Max(Math.Abs(summary.Min), Math.Abs(summary.Max))));
            double before = Demands.Threshold(input) * Math.Sqrt(scale.Factor.Sum(f => f * f) / scale.Factor.Length);
            bool? decided = context.Services.Given.Get<GivenScheme>()?.IsCentred(names[input]);
            if (threshold == 0 || decided == false || before < Worthwhile * threshold)
            {
                context.Rewriter.Replace(kept.Result, result);
                context.Rewriter.EraseDead(kept);
                continue;
            }
            var centering = new Centering(
                scale.Axis, [.. scale.Factor.Zip(scale.Offset, (f, o) => o == 0 ? 0 : -o / f)], scale.Factor);
            context.Rewriter.Replace(kept.Result, input);
            context.Rewriter.EraseDead(kept);
            context.Rewriter.SetProvenance(input, null);
            context.Rewriter.SetType(input, input.Type with { Threshold = threshold });
            context.Rewriter.SetGraphAttributes(InputSignature.With(graph.Attributes, k, centering));
            context.Diagnostics.Note(QuantizeCodes.InputLifted,
                $"input '{input.Name}': the network's own standardisation of it is done before it becomes integers:"
                + " model.io.json has it, and cortexml run and chain input do it",
                hint: "one scale cannot hold columns of so different ranges");
        }
    }
}
