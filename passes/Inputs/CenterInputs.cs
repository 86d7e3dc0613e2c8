using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;

namespace CortexMl.Passes.Inputs;

//  graph @g(%x: f32[1, 3, 8, 8] within 1)               graph @g(%x: f32[1, 3, 8, 8] within 127)
//                                                               attributes {input.0.gain.0 = 255, input.0.offset.0 = 0.498…}
//    %0 = nn.conv2d(%x, @w, @b) {padding = [1, 1]}  ⇒     %1 = nn.pad(%x) {before = …, after = …, value = -127}
//                                                         %0 = nn.conv2d(%1, @w/gain, @b + Σ @w·offset)
//
// The CVM's integers are symmetric, an image in 0..1 is not: half of the levels of its input would never be used. So the input becomes
// x' = (x - offset)·gain, which whoever makes integers of real numbers does first (model.io.json hands it on), and the layers that read
// it take it back. Pixels of 8 bits become exactly the integers p - 127, other data the ones of the middle of their calibrated range.
// Where anything but moves, limits and layers with constant weights reads an input, where it is symmetric already, or where the weights
// would lose more than the input gains, it stays. {inputs=keep} keeps all.
public sealed class CenterInputs : Pass
{
    public static readonly PassInfo Record = new(
        "center-inputs", "Shift and stretch inputs so that their integers use all levels", Level.Float, Level.Float,
        new PassOption("inputs", PassOptionKind.Choice, "auto", "auto: those that gain by it; or keep them as they are")
        {
            Choices = ["auto", "keep"],
        },
        new PassOption("low", PassOptionKind.Float, "0", "where nothing is calibrated in this run: the least number of every input"),
        new PassOption("high", PassOptionKind.Float, "0", "and the greatest; 0 and 0 for not known"));

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        if (context.Options.Text("inputs") == "keep") return;
        var names = Names.Of(graph);
        foreach (var (k, input) in graph.Inputs.ToList().Index())
        {
            if (context.Rewriter.Exhausted) return;
            if (input.Type.Threshold is null or 0 || InputSignature.CenteringOf(graph, k) is not null) continue;
            bool? decided = context.Services.Given.Get<GivenScheme>()?.IsCentred(names[input]);
            if (decided == false) continue;
            if (Readers.Of(graph, input) is not { } readers || Seen(names[input], context) is not { } seen) continue;
            var calibration = context.Services.Results.Get<CalibrationFile>();
            var pixels = calibration is null ? null : StoredPixels.Of(calibration, names[input], input.Type.Shape, seen);
            var gain = new CenteringGain(input.Type.Threshold.Value, seen, readers.PeakPower());
            var choice = pixels is not null && gain.Pays(pixels) ? pixels : CenteringChoice.Middle(seen, input.Type.Threshold.Value);
            if (choice is null || (decided is null && !gain.Pays(choice)) || !readers.TakeBack(choice, context)) continue;
            context.Rewriter.SetType(input, input.Type with { Threshold = choice.Reach });
            context.Rewriter.SetGraphAttributes(InputSignature.With(graph.Attributes, k, choice.Centering));
        }
    }

    private static ValueSummary? Seen(string input, PassContext context)
    {
        if (context.Services.Results.Get<CalibrationFile>() is { } file)
            return file.Values.FirstOrDefault(v => v.Name == input)?.Seen is { Count: > 0 } seen ? seen : null;
        float low = (float)context.Options.Float("low"), high = (float)context.Options.Float("high");
        // Of numbers that may lie anywhere: as if they were spread evenly.
        return low < high ? new ValueSummary(low, high, (low + high) / 2, (high - low) / MathF.Sqrt(12), 1) : null;
    }
}
