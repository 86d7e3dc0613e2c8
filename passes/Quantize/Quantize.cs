using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Passes.Quantize.Pointwise;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Passes.Quantize.Shapes;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize;

//  graph @g(%data: f32[1, 1, 28, 28] within 1) …                 quant graph @g(%data: i8[1, 1, 28, 28] @ 127) …
//    %0 = nn.conv2d(%data, @w, @b) : f32[…] within 5.375    ⇒     %0 = cvm.conv2d(%data, @w, @b) : i21[…] @ axis 1: @0.scale
//    return %0                                                     %1 = quant.requantize(%0, @0.multiplier)
//                                                                       {precision = 16, shift = 17} : i16[…] @ 6096
//
// Float values become integers with a scale, operator by operator; thresholds (calibrate) say how far they reach. Where consumers want
// another precision or scale, a requantization stands between. Source: passes/Quantize/README.md §3.
public sealed class Quantize : Pass
{
    public static readonly PassInfo Record = new(
        "quantize", "Replace float values by integers with scales, from calibrated thresholds", Level.Float, Level.Quant,
        new PassOption("weights", PassOptionKind.Choice, "per-channel", "one weight scale per output channel, or per tensor")
        {
            Choices = ["per-channel", "per-tensor"],
        },
        new PassOption("activations", PassOptionKind.Choice, "per-channel",
            "one scale for each channel of what convolutions and dense layers read, where that is more exact, or per tensor")
        {
            Choices = ["per-channel", "per-tensor"],
        },
        new PassOption("input", PassOptionKind.Int, "8", "precision of the graph inputs") { Min = 2, Max = 16 },
        new PassOption("output", PassOptionKind.Int, "16", "precision of the graph outputs; 8 gives the one-byte form")
        {
            Min = 2, Max = 30,
        },
        new PassOption("output-step", PassOptionKind.Float, "0.015625",
            "outputs of 16 bits get more, up to 24, until their steps are no larger, and parts that they join have theirs; 0 for none")
        {
            Min = 0,
        },
        new PassOption("table", PassOptionKind.Int, "10", "precision of the index of a lookup table, where choose-widths chose no other")
        {
            Min = 4, Max = 16,
        },
        new PassOption("bias-correction", PassOptionKind.Bool, "true",
            "add to biases what rounded weights lose of what layers read on average, where measure-layers measured it"),
        new PassOption("rounding", PassOptionKind.Choice, "measured",
            "weights to the integers that err least on what layers read, where measure-layers measured it, or to the nearest")
        {
            Choices = ["measured", "nearest"],
        },
        new PassOption("softmax-range", PassOptionKind.Float, "10", "λ: softmax inputs this far below the largest count as zero")
        {
            Min = 1, Max = 10,
        });

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var rewriter = context.Rewriter;
        var options = context.Options;
        var settings = new QuantizeSettings(
            options.Text("weights") == "per-channel", options.Int("input"), options.Int("output"), TablePrecision(context),
            options.Float("softmax-range"), options.Bool("bias-correction"))
        {
            RoundsByData = options.Text("rounding") == "measured",
            OutputStep = options.IsGiven("output") ? 0 : options.Float("output-step"),
        };
        // Weights of one scale cannot take up the scales of their data's channels.
        bool channelwise = settings.PerChannel && options.Text("activations") == "per-channel";
        var scales = channelwise ? ChannelScales.Of(graph, settings) : null;
        CheckReady(graph);
        if (settings.OutputPrecision <= 8)
            context.Diagnostics.Warning(QuantizeCodes.CoarseOutput,
                $"outputs of precision {settings.OutputPrecision} tie now and then: a few arg-maxima per 2000 change", null,
                "quantize{output=16} keeps them apart");

        var floats = graph.Operations.ToList();
        var outputs = graph.Outputs.ToList();
        var demands = new Demands(settings, scales);
        // From the last to the first: each asks its consumers, which then know. Asked in another order, a long network would be as deep a
        // recursion.
        foreach (var value in floats.AsEnumerable().Reverse().Where(o => o.Constant is null).SelectMany(o => o.Results)) demands.Of(value);
        ReadingCheck.Run(graph, demands, scales, context.Services);
        var standIns = context.Services.Given.Get<StandIns>();
        var followed = standIns?.Begin(graph) ?? [];
        var scheme = SchemeRecord.Of(graph, demands, scales, context.Services);
        RestoreFloat.Forget(graph, rewriter);
        var quantizer = new Quantizer(context, demands);
        rewriter.ReleaseNames();
        var inputs = graph.Inputs.ToList();
        foreach (var input in inputs) quantizer.Define(input, rewriter.AddInput(input.Name!, IntegerInput(input, settings)));
        foreach (var operation in floats.Where(o => o.Constant is null)) quantizer.Lower(operation, LoweringTable.Find(operation)!);
        quantizer.NoteRoundings();
        if (scheme is not null)
            context.Services.Results.Set(
                SchemeRecord.WithRoundings(scheme, quantizer.RoundedByData, settings.CorrectsBiases, context.Services));
        context.Services.Results.Drop<CalibratedNames>();
        context.Services.Results.Drop<LayerChoices>();
        rewriter.AddCount(floats.Count(o => o.Constant is null));
        rewriter.SetOutputs([.. outputs.Select(o => quantizer.Output(o, demands.Output(o)))]);
        standIns?.End(followed, quantizer);
        for (int i = floats.Count - 1; i >= 0; i--) rewriter.Erase(floats[i]);
        rewriter.RemoveInputs(inputs);
        DeadOperations.Erase(graph, rewriter);
        rewriter.SetLevel(Level.Quant);
    }

    /// <summary>A person's bits come before those that were chosen.</summary>
    private static int TablePrecision(PassContext context) =>
        context.Options.IsGiven("table") ? context.Options.Int("table")
        : context.Services.Results.Get<ChosenTables>()?.Precision ?? context.Options.Int("table");

    internal static TensorType IntegerInput(Value input, QuantizeSettings settings)
    {
        bool hasParts = WholeParts.AreReadOf(input);
        bool needsMore = hasParts || ComparedInput.NeedsMore(input, settings.InputPrecision);
        int precision = input.Type.Reading?.Precision ?? (needsMore ? DemandPrecision.Wide : settings.InputPrecision);
        var covering = Demand.Covering(precision, Demands.Threshold(input));
        var demand = TakeLowering.IsIndex(input) ? TakeLowering.IndexDemand(input)
            : IndexInput.Rows(input) is { } rows ? new Demand(Precisions.Of(rows - 1), 1)
            : hasParts ? WholeParts.Demand(covering) : covering;
        return TensorType.Integer(demand.Precision, Quantizer.WithDimension(input.Type.Shape), Scale.PerTensor(demand.Scale));
    }

    internal static void CheckReady(Graph graph)
    {
        var problems = new DiagnosticBag();
        IntegerForms.Check(graph, problems);
        var names = Ir.Walks.Names.Of(graph);
        string[] missing = [.. graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results))
            .Where(v => !v.IsConstant && v.Type.Threshold is null).Select(v => names[v])];
        if (missing.Length > 0)
            problems.Error(QuantizeCodes.NotCalibrated,
                $"{Counted.Of(missing.Length, "value has", "values have")} no calibrated threshold: {Listing.Of(missing)}",
                null, "run calibrate before quantize");
        problems.ThrowIfErrors();
    }
}

/// <summary>The options of quantize, read once.</summary>
internal sealed record QuantizeSettings(
    bool PerChannel, int InputPrecision, int OutputPrecision, int TablePrecision, double SoftmaxRange, bool CorrectsBiases = true)
{
    /// <summary>Whether weights are rounded by what layers read, where that was measured.</summary>
    public bool RoundsByData { get; init; } = true;

    /// <summary>What a step of an output should be at most, in its own unit; 0 where <see cref="OutputPrecision"/> is exact.</summary>
    public double OutputStep { get; init; } = 1.0 / 64;

    public static QuantizeSettings Default { get; } = new(true, 8, 16, 10, 10);
}

/// <summary>The precisions of passes/Quantize/README.md §6.</summary>
internal static class DemandPrecision
{
    /// <summary>What convolution and dense read; the runtime's own limit.</summary>
    public const int Data = 8;

    /// <summary>Operands of add, sub, max, concat and products.</summary>
    public const int Wide = 16;

    /// <summary>Largest magnitude of a weight: α(8).</summary>
    public const int WeightBound = 127;

    /// <summary>
    /// The bits of one consumer: what was decided for the value, where that is fewer, else the consumer's usual ones. Where nobody else
    /// reads the value, it may be as many as the consumer can hold. An input has its own bits, which nobody need take away.
    /// </summary>
    public static int Of(Value value, int usual, int most) => value.IsInput || value.Type.Reading?.Precision is not { } decided ? usual
        : Math.Min(decided, value.HasOneUse ? most : usual);
}
