using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Weights;

// The graph stays as it is: what convolutions and dense layers read on average is measured on a few samples, or read from the calibration
// file where an earlier run noted it, so that quantize can give their biases what rounded weights lose of it
// (passes/Quantize/README.md §15). Last before quantize, when layers read what they will read.
public sealed class MeasureLayers : Pass
{
    public static readonly PassInfo Record = new(
        "measure-layers", "Measure what layers read on average, by which quantize corrects their biases", Level.Float, Level.Float,
        new PassOption("samples", PassOptionKind.Int, "0",
            "samples that are run; 0 for 4 of a large network up to 64 of a small one, none where noise is low anyway")
        {
            Min = 0, Max = SampleDraw.Most,
        },
        new PassOption("moments", PassOptionKind.Bool, "true",
            "measure what layers read two terms at a time too, by which quantize rounds their weights"));

    /// <summary>That measuring may take: about half a second's, and a tenth of that where choose-widths had nothing to do.</summary>
    private const double Multiplications = 1e10, Few = 1e9;

    /// <summary>Nothing is measured where statistics alone expect 7 dB less noise than wanted.</summary>
    private const double Enough = 5;

    private const int FewestSamples = 4;

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var names = Names.Of(graph);
        var layers = graph.Operations.Where(o => o.Spec.Is(OpTraits.Product) && o.Operands.Skip(1).All(p => p.IsConstant)).ToList();
        var file = context.Services.Results.Get<CalibrationFile>();
        var known = new LayerData(file?.Layers ?? []);
        var open = layers.Where(l => known.Means(l, names) is null).ToList();
        var (measured, moments) = Measured(graph, layers, open, context);
        LayerInput[] inputs =
        [
            .. layers.Select(l => (Layer: l, Means: known.Means(l, names) ?? measured.GetValueOrDefault(l)?.Result()))
                .Where(l => l.Means is not null).Select(l => new LayerInput(names[l.Layer.Result], LayerData.Digest(l.Layer), l.Means!)
                {
                    Rounded = known.Rounded(l.Layer, names),
                }),
        ];
        int lost = (file?.Layers.Count ?? 0) > 0 ? layers.Count - inputs.Length : 0;
        if (lost > 0)
            context.Diagnostics.Note(QuantizeCodes.NotMeasured,
                $"{Counted.Part(lost, layers.Count, "layer", "reads", "read")} other data than when the calibration file was made:"
                + " their biases are not corrected", hint: "calibrate again with --data");
        context.Services.Results.Set(new LayerData(inputs, moments));
        if (file is not null) context.Services.Results.Set(file with { Layers = inputs });
    }

    /// <param name="open">Layers of which means are not known.</param>
    private static (IReadOnlyDictionary<Operation, ChannelMeans> Means, IReadOnlyDictionary<Operation, LayerMoments> Moments) Measured(
        Graph graph, IReadOnlyList<Operation> layers, IReadOnlyList<Operation> open, PassContext context)
    {
        var means = open.ToDictionary(l => l, l => new ChannelMeans(l));
        var patches = new Dictionary<Operation, LayerPatches>();
        if (context.Services is not { Samples: { } source, FloatEvaluator: { } evaluator }) return (new Dictionary<Operation, ChannelMeans>(), new Dictionary<Operation, LayerMoments>());
        double reserve = context.Services.Results.Get<NoiseReserve>()?.Times ?? 0;
        int count = context.Options.Int("samples") is > 0 and var given ? given : Affordable(graph, reserve);
        if (count > 1 && reserve < ChooseWidths.EstimateMargin && context.Options.Bool("moments"))
            patches = LayerPatches.Of(layers, count);
        var readers = open.Concat(patches.Keys).Distinct().GroupBy(l => l["data"]).ToList();
        if (count == 0 || readers.Count == 0) return (new Dictionary<Operation, ChannelMeans>(), new Dictionary<Operation, LayerMoments>());
        using var session = evaluator.Prepare(graph, [.. readers.Select(r => r.Key)]);
        foreach (var sample in SampleDraw.Of(context.Services, source, count))
            session.Run(sample.Inputs, (i, data) =>
            {
                foreach (var layer in readers[i])
                {
                    if (means.TryGetValue(layer, out var mean)) mean.Add(data);
                    if (patches.TryGetValue(layer, out var patch)) patch.Add(data);
                }
            });
        return (means, patches.ToDictionary(p => p.Key, p => new LayerMoments(p.Value.Seen, p.Value.Held)));
    }

    private static int Affordable(Graph graph, double reserve)
    {
        if (reserve >= Enough) return 0;
        bool isGood = reserve >= ChooseWidths.EstimateMargin;
        double run = graph.Operations.Where(LayerWidth.MayBeWide)
            .Sum(l => (double)l.Result.Type.Shape.Count * l["weight"].Type.Shape.Count / l["weight"].Type.Shape[0]);
        double count = Math.Min((isGood ? Few : Multiplications) / Math.Max(1, run), SampleDraw.Most);
        return count >= FewestSamples ? (int)count : isGood ? 0 : FewestSamples;
    }
}

/// <summary>What the statistics of calibration alone expect.</summary>
/// <param name="Times">The noise that is wanted at most, over what is expected.</param>
internal sealed record NoiseReserve(double Times);
