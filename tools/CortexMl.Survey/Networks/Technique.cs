using CortexMl.Passes;

namespace CortexMl.Survey.Networks;

/// <summary>Something that the default pipeline does, or could do, and that <c>--ablate</c> switches.</summary>
/// <param name="Name">Of the variant in tables.</param>
/// <param name="Meaning">What is different with it, in a few words.</param>
/// <param name="Edit">
/// What changes in the default pipeline, as steps of a pipeline: <c>quantize{weights=per-tensor}</c> gives that pass this option,
/// <c>-clamp-constants</c> leaves a pass out.
/// </param>
public sealed record Technique(string Name, string Meaning, string Edit)
{
    private const char LeftOut = '-';

    /// <summary>All of them: a new technique is a new row.</summary>
    public static IReadOnlyList<Technique> All { get; } =
    [
        new("absmax", "thresholds cut nothing off", "calibrate{method=absmax}"),
        new("percentile", "thresholds hold 99.99 % of the numbers", "calibrate{method=percentile}"),
        new("entropy", "thresholds keep the distribution", "calibrate{method=entropy}"),
        new("auto", "each value's threshold is the one that errs least where it is read", "calibrate{method=auto}"),
        new("per-tensor", "one weight scale for all output channels", "quantize{weights=per-tensor}"),
        new("table-8", "lookup tables have 8 bits", "quantize{table=8}"),
        new("table-12", "lookup tables have 12 bits", "quantize{table=12}"),
        new("table-10", "lookup tables keep 10 bits, whatever they cost", "choose-widths{tables=false}"),
        new("output-8", "outputs have 8 bits", "quantize{output=8}"),
        new("no-clamp", "constants that swamp a scale stay", "-clamp-constants"),
        new("no-center", "inputs keep their zero", "-center-inputs"),
        new("one-scale", "what layers read has one scale for all channels", "quantize{activations=per-tensor}"),
        new("no-bias-correction", "biases do not make up for rounded weights", "-measure-layers"),
        new("no-rounding", "each weight is the nearest integer", "quantize{rounding=nearest}"),
        new("no-wide", "no layer sees 15 bits", "-choose-widths"),
    ];

    /// <summary>The pipeline with this technique switched.</summary>
    /// <exception cref="ArgumentException">It has no pass of a name that the edit names: the row is out of date.</exception>
    public Pipeline In(Pipeline pipeline)
    {
        foreach (var edit in Pipeline.Parse(Edit).Steps)
        {
            string pass = edit.Pass.TrimStart(LeftOut);
            if (pipeline.Steps.All(step => step.Pass != pass)) throw new ArgumentException($"technique {Name}: no pass '{pass}' to change");
            pipeline = edit.Pass[0] == LeftOut
                ? new([.. pipeline.Steps.Where(step => step.Pass != pass)])
                : new([.. pipeline.Steps.Select(step => step.Pass == pass ? With(step, edit) : step)]);
        }
        return pipeline;
    }

    private static PipelineStep With(PipelineStep step, PipelineStep edit) =>
        new(step.Pass, [.. step.Options.Where(o => edit.Options.All(e => e.Key != o.Key)), .. edit.Options]);
}
