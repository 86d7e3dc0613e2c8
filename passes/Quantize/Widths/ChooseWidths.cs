using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Passes.Quantize.Weights;

namespace CortexMl.Passes.Quantize.Widths;

//  %3 = nn.conv2d(%2, @w) {groups = 32, …}   ⇒   %3 = nn.conv2d(%2, @w) {bits = [15, 8], groups = 32, …}
//
// Where the network would come out less exact than wanted: what 8 bits of each layer do to the outputs is measured on a few samples, or
// read from the calibration file where an earlier run noted it, and the layers that cost most see 15 bits, or data centred on 0, as far as
// the gas goes.
public sealed class ChooseWidths : Pass
{
    public static readonly PassInfo Record = new(
        "choose-widths", "Let layers see 15 bits, and lookup tables have more, where the usual ones cost too much accuracy",
        Level.Float, Level.Float,
        new PassOption("min-db", PassOptionKind.Float, "32",
            "expected signal-to-noise ratio in dB from which on an output is good enough; 0 widens nothing")
        {
            Min = 0, Max = 80,
        },
        new PassOption("gas", PassOptionKind.Float, "1.25", "times the gas of 8 bits everywhere that may be spent") { Min = 1, Max = 16 },
        new PassOption("samples", PassOptionKind.Int, "0", "samples on which layers are measured; 0 for 2 of a large network up to 32")
        {
            Min = 0, Max = 64,
        },
        new PassOption("tables", PassOptionKind.Bool, "true",
            "lookup tables may have indices of 12 or 14 bits, where quantize and the scheme say nothing"),
        new PassOption("choices", PassOptionKind.Int, "-1", "the first so many choices are made, though more were wanted; -1 for all")
        {
            Min = -1,
        },
        new PassOption("plenty-db", PassOptionKind.Float, "40",
            "beyond min-db, decibels up to these are taken where they cost little: 2 % of the gas, or 500,000; 0 for none")
        {
            Min = 0, Max = 80,
        });

    /// <summary>Gas for decibels that nobody asked for: a share of the network's, or of a small network so much.</summary>
    private const double SpareShare = 0.02, SpareGas = 500_000;

    /// <summary>Nothing is measured where statistics alone expect 4 dB less noise than wanted: they were never so wrong there.</summary>
    public const double EstimateMargin = 2.5;

    /// <summary>That measuring may take: about half a second's.</summary>
    private const double Multiplications = 1e10;

    private const int FewestSamples = 2, MostSamples = 32;

    /// <summary>
    /// Of data that goes a little below zero, its middle is known where so many numbers of each channel were seen: centred codes end where
    /// those do, and 15 bits, which it would take the place of, reach four times as far.
    /// </summary>
    private const double NumbersOfChannel = 128;

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        double decibels = context.Options.Float("min-db");
        var names = Names.Of(graph);
        var decided = Decided(graph, names, context);
        if (decibels == 0 && decided.Count == 0) return;
        var layers = graph.Operations.Where(o => LayerWidth.MayBeWide(o) || decided.ContainsKey(o)).ToList();
        double target = decibels == 0 ? double.PositiveInfinity : Share(decibels);
        double most = decibels == 0 ? 0 : context.Options.Float("plenty-db"), plenty = most == 0 ? target : Math.Min(target, Share(most));
        var channels = ChannelScales.Of(graph, QuantizeSettings.Default);
        Scale Scales(Value value) => channels[value] ?? Demands.Narrow(value).Units;
        bool isOpen = decibels > 0 && layers.Any(l => !decided.ContainsKey(l));
        var tables = isOpen && MayWidenTables(context) ? TableWidth.Of(graph, channels) : [];
        var (damage, why) = Noted(context) is { } noted ? (noted, "")
            : isOpen ? Measured(graph, layers, tables, channels, Scales, target, plenty, names, context)
            : (NetworkDamage.Unmeasured, LayerReason.Unmeasured);
        var byName = damage.Layers.ToDictionary(d => d.Layer, StringComparer.Ordinal);
        var measured = layers.Where(l => byName.ContainsKey(names[l.Result])).Select(l => (l, byName[names[l.Result]])).ToList();
        double gas = LayerGas.Of(graph), budget = (context.Options.Float("gas") - 1) * gas;
        var offers = Offers(tables, damage.Tables);
        WidthPlan Plan(int choices) => new(
            measured, target, budget, decided, choices, offers, plenty, Math.Max(SpareShare * gas, SpareGas));
        var all = Plan(int.MaxValue);
        var plan = context.Options.Int("choices") is >= 0 and var choices ? Plan(choices) : all;
        if (damage.Layers.Count > 0 || !isOpen)
            context.Services.Results.Set(plan.Expectation(isOpen) with { Choices = [.. all.Choices.Select(Told)] });
        context.Services.Results.Set(new LayerChoices(
        [
            .. layers.Select(l => new LayerChoice(
                l, plan[l], LayerReason.Of(l, plan[l], byName.GetValueOrDefault(names[l.Result]), why, gas))),
        ]));

        WidthChoice Told((WidthOffer Offer, long Gas, IReadOnlyList<double> After) choice) => new(
            choice.Offer is LayerOffer { Layer: var layer } ? names[layer.Result] : "lookup tables", choice.Offer.ToString()!, choice.Gas,
            Math.Round(WidthPlan.Decibels(choice.After), 2));

        // Values that other layers' forms make have no names.
        var stems = layers.ToDictionary(l => l, l => l.Result.Name ?? $"v{names[l.Result]}");
        foreach (var layer in layers)
        {
            var form = plan[layer];
            if (form == LayerForm.Of(layer) || context.Rewriter.Exhausted) continue;
            context.Rewriter.SetAttributes(layer, form.Width.In(layer.Attributes));
            if (form.Data == DataForm.Centred)
                CentredActivation.Apply(
                    layer, Scales(layer["data"]), context.Rewriter, stems[layer], context.Services.Given.Get<StandIns>());
            context.Rewriter.AddCount(1);
        }
        if (plan.Tables is { } bits && !context.Rewriter.Exhausted) context.Services.Results.Set(new ChosenTables(bits));
        if (damage.Layers.Count > 0 && !plan.IsUsual) Tell(plan, graph, context);
    }

    /// <summary>Whoever decided about the network has decided about its tables.</summary>
    private static bool MayWidenTables(PassContext context) =>
        context.Options.Bool("tables") && context.Services.Given.Get<GivenScheme>()?.File.Settings.Table is null;

    /// <summary>Tables as they are and as they may be; nothing where what they do was not measured.</summary>
    private static IReadOnlyList<TableOffer> Offers(IReadOnlyList<TableWidth> tables, IReadOnlyList<TableDamage> damage) =>
    [
        .. tables.SelectMany(t => damage.Where(d => d.Bits == t.Precision).Select(d => new TableOffer(d, t.Gas - tables[0].Gas))),
    ];

    /// <summary>Layers that a scheme decides about, and those whose attributes say what they see: nothing is chosen for them.</summary>
    /// <exception cref="DiagnosticException">CML0572: data that is to be centred and cannot be.</exception>
    private static Dictionary<Operation, LayerForm> Decided(Graph graph, Names names, PassContext context)
    {
        var problems = new DiagnosticBag();
        var given = context.Services.Given.Get<GivenForms>();
        var decided = new Dictionary<Operation, LayerForm>();
        foreach (var layer in graph.Operations.Where(o => o.Spec.Is(OpTraits.Product) || o.Spec == NnConv.MatMul))
        {
            if (given?.Forms.TryGetValue(layer, out var form) == true)
            {
                decided[layer] = form;
                if (form.Data == DataForm.Centred && !CentredActivation.Applies(layer))
                    problems.Error(SchemeCodes.NotHeld, $"layer %{names[layer.Result]}: its data cannot be centred",
                        hint: "only data of the network that goes no further below zero than half of what it reaches can be");
            }
            else if (layer.Attributes.Has(NnConv.Bits.Name) || CentredActivation.IsMarked(layer)) decided[layer] = LayerForm.Of(layer);
        }
        problems.ThrowIfErrors();
        return decided;
    }

    private static NetworkDamage? Noted(PassContext context) =>
        context.Services.Results.Get<CalibrationFile>() is { Damage: { Count: > 0 } damage } file ? new(damage, file.Tables) : null;

    /// <returns>What 8 bits of each layer do, and usual tables, or nothing and why nothing was measured.</returns>
    private static (NetworkDamage Damage, string Why) Measured(
        Graph graph, IReadOnlyList<Operation> layers, IReadOnlyList<TableWidth> tables,
        ChannelScales channels, Func<Value, Scale> scales, double target, double plenty, Names names, PassContext context)
    {
        if (layers.Count == 0 || context.Services is not { Samples: { } source, FloatEvaluator: { } evaluator })
            return (NetworkDamage.Unmeasured, LayerReason.Unmeasured);
        var file = context.Services.Results.Get<CalibrationFile>();
        var seen = file?.Values.ToDictionary(v => v.Name, v => v.Seen, StringComparer.Ordinal) ?? [];
        if (file is not null && NoiseEstimate.Worst(graph, file, channels) is { } expected)
        {
            context.Services.Results.Set(new NoiseReserve(target / expected));
            if (expected * EstimateMargin <= target)
                return (NetworkDamage.Unmeasured, $"enough: {LayerReason.Decibels(expected)} are expected of 8 bits everywhere");
        }
        int count = context.Options.Int("samples") is > 0 and var given ? given : Affordable(layers);
        var samples = SampleDraw.Of(context.Services, source, count).ToList();
        using var measurement = new DamageMeasurement(graph, layers, samples, scales, evaluator, MayBeCentred, tables);
        var together = measurement.Together();
        if (together.All(e => e <= plenty))
            return (NetworkDamage.Unmeasured, $"enough: 8 bits everywhere leave {LayerReason.Decibels(together.Max())}");
        var damage = measurement.Run(names, context.Services);
        if (file is not null) context.Services.Results.Set(file with { Damage = damage.Layers, Tables = damage.Tables });
        return (damage, "");

        bool MayBeCentred(Operation layer) => CentredActivation.Applies(layer)
            && (LowestValue.Depth(layer["data"]) == 0 || Numbers(layer["data"]) >= NumbersOfChannel);

        double Numbers(Value data) => (double)(seen.GetValueOrDefault(names[data])?.Count ?? 0) / data.Type.Shape[1];
    }

    /// <summary>Each layer is measured by a run of the whole network.</summary>
    private static int Affordable(IReadOnlyList<Operation> layers)
    {
        double run = layers.Sum(l => (double)l.Result.Type.Shape.Count * LayerWidth.Terms(l));
        return (int)Math.Clamp(Multiplications / (run * layers.Count), FewestSamples, MostSamples);
    }

    private static void Tell(WidthPlan plan, Graph graph, PassContext context)
    {
        string[] forms =
        [
            .. plan.Wide > 0 ? [$"{Counted.Of(plan.Wide, "layer sees", "layers see")} 15 bits"] : Array.Empty<string>(),
            .. plan.Centred > 0 ? [$"{Counted.Of(plan.Centred, "layer sees", "layers see")} centred data"] : Array.Empty<string>(),
            .. plan.Tables is { } bits ? [$"lookup tables have indices of {Counted.Of(bits, "bit")}"] : Array.Empty<string>(),
        ];
        string layers = string.Join(" and ", forms);
        double gas = 100.0 * plan.Spent / LayerGas.Of(graph);
        context.Diagnostics.Note(QuantizeCodes.WideLayers, string.Create(CultureInfo.InvariantCulture,
            $"{layers}, for {gas:F1} % more gas: the noisiest output is expected at {WidthPlan.Decibels(plan.After):F1} dB")
            + string.Create(CultureInfo.InvariantCulture, $" instead of {WidthPlan.Decibels(plan.Before):F1}"));
    }

    /// <summary>10^(-dB/10), the same on every machine.</summary>
    private static double Share(double decibels) => Numerics.PortableMath.Pow(10, -decibels / 10);
}

/// <summary>What choose-widths expects of the network with the widths that it chose.</summary>
/// <param name="Decibels">Signal-to-noise ratio of the noisiest output.</param>
/// <param name="IsFinal">Whether a higher target would change nothing: the gas is spent, or all layers have what they may.</param>
public sealed record WidthExpectation(double Decibels, bool IsFinal)
{
    /// <summary>All choices that target and gas allow, however many were to be made.</summary>
    public IReadOnlyList<WidthChoice> Choices { get; init; } = [];
}

/// <summary>What one layer sees from a choice on.</summary>
/// <param name="Layer">Name of its result.</param>
/// <param name="Sees">In words.</param>
/// <param name="Gas">Beyond what it cost before.</param>
/// <param name="Expected">Decibels of the noisiest output, with this choice and those before it.</param>
public sealed record WidthChoice(string Layer, string Sees, long Gas, double Expected);
