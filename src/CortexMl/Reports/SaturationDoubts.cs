using System.Globalization;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Tallying;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Preparing;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Reports;

/// <summary>Values and outputs that are cut off, as seen on samples.</summary>
public static class SaturationDoubts
{
    /// <summary>
    /// Share of a value's elements that may be cut off, and of its energy: methods of calibration cut off the largest.
    /// </summary>
    private const double MostOfValue = 0.01, MostOfEnergy = 0.01;

    /// <summary>Elements of an output that may be, and their share: two that are cut off are the same to an arg-max.</summary>
    private const long MostOfOutput = 3;
    private const double MostShareOfOutput = 1e-4;

    /// <summary>Share of an input's elements that may be: methods of calibration cut off a part of what they saw, too.</summary>
    private const double MostShareOfInput = 0.02;

    private const string Remedy = "calibrate on data as large as what the model will see, or with the method absmax, which cuts nothing off"
        + " (cortexml passes calibrate); a single threshold can be raised in the calibration file";

    /// <summary>On the samples of the noise report.</summary>
    public static IEnumerable<Diagnostic> Of(IReadOnlyList<NodeNoise> noise)
    {
        foreach (var output in noise.Where(n => n.Output is not null && IsMuch(n.CutOff)))
            yield return Warning($"output '{output.Output}'", output.CutOff);
        foreach (var value in noise.Where(n => n.Output is null && n.IsPassedOn && IsMuchOfValue(n.CutOff)))
            yield return Warning($"value '{value.Name}'", value.CutOff);
    }

    /// <summary>On the samples of a test: outputs alone, those of which something is left to do apart.</summary>
    /// <param name="runs">The float model's run and the compiled one's; or none.</param>
    public static IEnumerable<Diagnostic> Of(IReadOnlyList<ModelRun> runs)
    {
        if (runs is not [var real, { Model: { Io: { } io, Tail: null } } whole]) yield break;
        foreach (var (k, port) in io.Outputs.Index().Where(o => o.Item.LastStep is null && o.Item.Precision > 0))
        {
            var cut = real.Results.Zip(whole.Results).Aggregate(
                default(CutOff), (sum, sample) => Sum(sum, sample.First.Outputs[k], sample.Second.Outputs[k], port));
            if (IsMuch(cut)) yield return Warning($"output '{port.Name}' (test data)", cut);
        }
    }

    /// <summary>
    /// Inputs of an integer model, as the data that it ran on have them; where these are told to be of another kind, nothing more.
    /// </summary>
    public static IEnumerable<Diagnostic> OfInputs(ModelRun run, ISampleSource samples) => IsTold(run.Model, samples) ? [] : OfInputs(run);

    /// <summary>Whether data are told to be of another kind than what a model was calibrated on.</summary>
    internal static bool IsTold(Model model, ISampleSource samples) =>
        DataDoubts.Of([(model, samples)]).Any(d => d is { Code: DataCodes.Unlike, Severity: > Severity.Note });

    internal static IEnumerable<Diagnostic> OfInputs(ModelRun run) => OfInputs(
        run.Model.Name, run.InputsCutOff.Select((cut, k) => new InputCutOff(InputCutOff.NameOf(run.Model, k), cut.Elements, cut.Beyond)));

    internal static IEnumerable<Diagnostic> OfInputs(string model, IEnumerable<InputCutOff> inputs)
    {
        foreach (var (input, elements, beyond) in inputs)
        {
            var cut = new CutOff(elements, beyond, 0, 0);
            if (cut.Share > MostShareOfInput) yield return Warning($"input '{input}' of '{model}'", cut);
        }
    }

    private static CutOff Sum(CutOff sum, Tensor real, Tensor whole, ModelPort port)
    {
        if (real is not Tensor<float> floats || whole is not Tensor<int> integers || floats.Length != integers.Length) return sum;
        for (int i = 0; i < floats.Length; i++)
            sum = sum.With(floats.Data[i], integers.Data[i], port.Scale, Precisions.Bound(port.Precision));
        return sum;
    }

    private static bool IsMuchOfValue(CutOff value) => value.Share > MostOfValue && value.Energy > MostOfEnergy;

    private static bool IsMuch(CutOff output) => output.Beyond > MostOfOutput && output.Share > MostShareOfOutput;

    private static Diagnostic Warning(string what, CutOff cut) => new(
        LibraryCodes.Saturated, Severity.Warning, string.Create(CultureInfo.InvariantCulture,
            $"{what} is cut off: {cut.Beyond} of {Counted.Of(cut.Elements, "element")} ({cut.Share:P1}) "
            + $"{(cut.Beyond == 1 ? "lies" : "lie")} beyond the largest integer"), null, Remedy);
}
