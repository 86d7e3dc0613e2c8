using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Quantize;

//  %2 = nn.concat(%0: … within 65536, %1: … within 1)    ⇒   warning CML0535: output 'y' joins values of ranges far apart …
//  return %2
//
// An output has one scale, so what is joined with values 65536 times larger has 128 steps of 24 bits. Nothing is rewritten: which outputs a
// network has is for its owner to say.
public sealed class CheckJoins : Pass
{
    public static readonly PassInfo Record = new(
        "check-joins", "Warn of outputs that join values of ranges far apart at one scale", Level.Float, Level.Float,
        new PassOption("output", PassOptionKind.Int, "0", "precision that quantize is told for outputs; 0 for as many bits as it gives them")
        {
            Min = 0, Max = 30,
        });

    /// <summary>Steps from 0 to the threshold that a part should have at least: two more bits than classes that are near need.</summary>
    private const double Fewest = 256;

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        int told = context.Options.Int("output");
        var settings = told == 0 ? QuantizeSettings.Default : QuantizeSettings.Default with { OutputPrecision = told, OutputStep = 0 };
        var names = Names.Of(graph);
        var outputs = OutputSignature.Names(graph);
        for (int k = 0; k < graph.Outputs.Count; k++)
        {
            var output = graph.Outputs[k];
            var parts = JoinedParts.Of(output);
            double most = parts.Max(Demands.Threshold);
            long bound = Precisions.Bound(Math.Max(DemandPrecision.Wide, OutputBits.Of(output, settings)));
            double Steps(Value part) => bound * Demands.Threshold(part) / most;
            Value[] coarse = [.. parts.Where(p => Demands.Threshold(p) > 0 && Steps(p) < Fewest)];
            if (coarse.Length == 0) continue;
            var largest = parts.MaxBy(Demands.Threshold)!;
            string few = Listing.Of([.. coarse.Select(p => string.Create(
                CultureInfo.InvariantCulture, $"{Named(p)} (about {Counted.Of(Math.Max(1, (long)Steps(p)), "step")})"))]);
            context.Diagnostics.Warning(QuantizeCodes.JoinedRanges,
                $"output '{outputs[k]}' joins values of ranges far apart at one scale: {Named(largest)} leaves few steps to {few}",
                JoinedParts.Joining(output)?.Location,
                "return the parts as outputs of their own, each with its own scale, and join them behind the network");
        }

        string Named(Value value) => $"'{names[value]}' with values up to {Short(Demands.Threshold(value))}";
    }

    private static string Short(double number) => number.ToString(number < 1000 ? "G3" : "F0", CultureInfo.InvariantCulture);
}
