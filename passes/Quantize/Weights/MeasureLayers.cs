using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Weights;

// The graph stays as it is: what convolutions and dense layers read on average, and two terms at a time, is measured on a few samples, so
// that quantize can round their weights by it, and give their biases what is lost; or read from the calibration file where an earlier
// run noted it (passes/Quantize/README.md §15, §17). Last before quantize, when layers read what they will read.
public sealed class MeasureLayers : Pass
{
    public static readonly PassInfo Record = new(
        "measure-layers", "Measure what layers read, by which quantize rounds their weights and corrects their biases", Level.Float,
        Level.Float,
        new PassOption("samples", PassOptionKind.Int, "0",
            "samples that are run; 0 for 4 of a large network up to 64 of a small one, none where noise is low anyway")
        {
            Min = 0, Max = SampleDraw.Most,
        },
        new PassOption("moments", PassOptionKind.Bool, "true",
            "two terms at a time too, by which weights are rounded, where noise is not low anyway"),
        new PassOption("patches", PassOptionKind.Int, "256",
            "fewest patches, a quarter of which judges what the others chose, that a layer must see for its weights to be rounded by them")
        {
            Min = 1, Max = 1 << 20,
        });

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
        var open = layers.Where(l => known.Of(l, names) is null).ToList();
        var (means, moments) = Measured(graph, layers, open, context);
        LayerInput[] inputs = [.. layers.Select(Input).OfType<LayerInput>()];
        int lost = (file?.Layers.Count ?? 0) > 0 ? layers.Count - inputs.Length : 0;
        if (lost > 0)
            context.Diagnostics.Note(QuantizeCodes.NotMeasured,
                $"{Counted.Part(lost, layers.Count, "layer", "reads", "read")} other data than when the calibration file was made:"
                + " their biases are not corrected", hint: "calibrate again with --data");
        context.Services.Results.Set(new LayerData(inputs, moments));
        if (file is not null) context.Services.Results.Set(file with { Layers = inputs });

        LayerInput? Input(Operation layer)
        {
            if (known.Of(layer, names) is { } noted) return IsNearest(layer, context) ? noted with { Rounded = null } : noted;
            return means.GetValueOrDefault(layer) is { } mean ? new(names[layer.Result], LayerData.Digest(layer), mean.Result()) : null;
        }
    }

    /// <param name="open">Layers of which no means are known.</param>
    private static (Dictionary<Operation, ChannelMeans> Means, Dictionary<Operation, LayerMoments> Moments) Measured(
        Graph graph, IReadOnlyList<Operation> layers, IReadOnlyList<Operation> open, PassContext context)
    {
        if (context.Services is not { Samples: { } source, FloatEvaluator: { } evaluator }) return ([], []);
        double reserve = context.Services.Results.Get<NoiseReserve>()?.Times ?? 0;
        int count = Math.Min(source.Count, context.Options.Int("samples") is > 0 and var given ? given : Affordable(graph, reserve));
        if (count == 0) return ([], []);
        bool hasMoments = context.Options.Bool("moments") && reserve < ChooseWidths.EstimateMargin;
        var patches = hasMoments ? LayerPatches.Of(layers.Where(l => !IsNearest(l, context)), count, context.Options.Int("patches")) : [];
        var means = open.ToDictionary(l => l, l => new ChannelMeans(l));
        var readers = open.Union(patches.Keys).GroupBy(l => l["data"]).ToList();
        if (readers.Count == 0) return ([], []);
        using var session = evaluator.Prepare(graph, [.. readers.Select(r => r.Key)]);
        int samples = 0;
        foreach (var sample in SampleDraw.Of(context.Services, source, count))
        {
            session.Run(sample.Inputs, (i, data) =>
            {
                foreach (var layer in readers[i])
                {
                    means.GetValueOrDefault(layer)?.Add(data);
                    patches.GetValueOrDefault(layer)?.Add(data);
                }
            });
            samples++;
        }
        // None can be held out of a few.
        if (samples < LayerPatches.HeldOut) patches.Clear();
        return (means, patches.ToDictionary(p => p.Key, p => p.Value.Moments));
    }

    /// <summary>Whether a scheme decides that the layer's weights are the nearest integers.</summary>
    private static bool IsNearest(Operation layer, PassContext context) =>
        context.Services.Given.Get<GivenRoundings>()?.IsNearest(layer) == true;

    private static int Affordable(Graph graph, double reserve)
    {
        if (reserve >= Enough) return 0;
        bool isGood = reserve >= ChooseWidths.EstimateMargin;
        double run = graph.Operations.Where(LayerWidth.MayBeWide).Sum(l => (double)l.Result.Type.Shape.Count * LayerWidth.Terms(l));
        double count = Math.Min((isGood ? Few : Multiplications) / Math.Max(1, run), SampleDraw.Most);
        return count >= FewestSamples ? (int)count : isGood ? 0 : FewestSamples;
    }
}

/// <summary>What the statistics of calibration alone expect.</summary>
/// <param name="Times">The noise that is wanted at most, over what is expected.</param>
internal sealed record NoiseReserve(double Times);
