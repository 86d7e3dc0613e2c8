using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Passes;

namespace CortexMl.Preparing;

/// <summary>What makes one doubt that data are what a model takes; asked after they were read, so that nothing is read for it.</summary>
public static class DataDoubts
{
    /// <summary>Of data that calibrated.</summary>
    public static IReadOnlyList<Diagnostic> OfCalibration(ISampleSource? samples) =>
        samples is SampleSource { Facts: { Count: > 0 } facts } source ? [.. Common(source, facts, [])] : [];

    /// <summary>Of data that models ran on, each with its own view of the same.</summary>
    /// <param name="integer">The data already are integers, which calibration did not see.</param>
    public static IReadOnlyList<Diagnostic> Of(IReadOnlyList<(Model Model, ISampleSource Samples)> runs, bool integer = false)
    {
        if (runs[0].Samples is not SampleSource { Facts: { Count: > 0 } facts } first) return [];
        var io = runs.FirstOrDefault(r => r.Model.Io is { CalibratedOn.Count: > 0 }).Model?.Io;
        var known = io?.CalibratedOnBy(runs[0].Model.Inputs) ?? [];
        var found = Common(first, facts, known);
        return integer ? [.. found] : [.. found.Concat(runs.SelectMany(r => Of(r.Model, r.Samples))).Distinct()];
    }

    private static IEnumerable<Diagnostic> Of(Model model, ISampleSource samples)
    {
        if (model.Io is not { } io || samples is not SampleSource { Facts: var facts }) return [];
        var known = io.CalibratedOnBy(model.Inputs);
        return from pair in io.Inputs.Zip(model.Inputs)
               let port = pair.First
               let calibrated = known.FirstOrDefault(c => c.Input == pair.Second.Name)
               let found = facts.FirstOrDefault(f => f.Input == pair.Second.Name)
               where calibrated is not null && found is not null
               let preparation = new Preparation(io.Preprocessing, Preprocessing.FromJson(samples.Preparation))
               from doubt in new InputComparison(port, calibrated, found, preparation).Doubts()
               select doubt with { Location = Place(samples) };
    }

    /// <summary>What is odd about any data, unless calibration knew it.</summary>
    private static IEnumerable<Diagnostic> Common(
        SampleSource samples, IReadOnlyList<InputFacts> facts, IReadOnlyList<InputFacts> calibrated)
    {
        if (Sorted(samples) is { } sorted) yield return sorted;
        const string Check = "check the data and how they are read";
        var first = facts.FirstOrDefault(f => f.HasMany) ?? facts[0];
        if (first.HasMany && facts.Where(f => f.HasMany).All(IsNewlyConstant))
        {
            string value = first.Min == first.Max ? $"the number {InputComparison.Number(first.Min)}" : "one number";
            string some = Part(first.Constant, first.Samples, "sample", "holds", "hold");
            yield return Warning(DataCodes.Constant, $"{some} {value} everywhere", samples, Check);
        }
        else if (facts.All(f => f.Identical && Known(f) is not { Identical: true }))
        {
            string all = Counted.Of(first.Samples, "sample is", "samples are");
            yield return Warning(DataCodes.Constant, $"all {all} the same", samples, Check);
        }
        if (facts.Sum(f => f.Transparent) is > 0 and var transparent)
        {
            const string Rule = "pixels that are not opaque: they are laid on white";
            string message = $"{Part(transparent, first.Samples, "image", "has", "have")} {Rule}";
            yield return new(DataCodes.Transparent, Severity.Note, message, Place(samples),
                "where they are meant for another background, lay them on it, and save them without transparency");
        }

        bool IsNewlyConstant(InputFacts found) => IsMostlyConstant(found) && !(Known(found) is { } known && IsMostlyConstant(known));

        InputFacts? Known(InputFacts found) => calibrated.FirstOrDefault(c => c.Input == found.Input);
    }

    /// <summary>So many samples of mixed data would hold nearly all classes.</summary>
    private static Diagnostic? Sorted(SampleSource samples)
    {
        if (samples.Count == samples.Total) return null;
        var (taken, all) = samples.Classes();
        if (all < 2 || samples.Count < 2 * all || taken > all / 2) return null;
        string first = Counted.Part(samples.Count, samples.Total, "sample", "is", "are");
        string seen = $"the first {first} of {taken} of {Counted.Of(all, "class", "classes")}: the data are sorted";
        return Warning(DataCodes.Sorted, seen, samples, "shuffle them, or take more samples");
    }

    private static bool IsMostlyConstant(InputFacts facts) => facts.Constant * 10L > facts.Samples;

    private static string Part(int some, int all, string noun, string one, string several) =>
        all == 1 ? $"the data {several}" : Counted.Part(some, all, noun, one, several);

    private static Diagnostic Warning(string code, string message, ISampleSource samples, string hint) =>
        new(code, Severity.Warning, message, Place(samples), hint);

    private static SourceLocation Place(ISampleSource samples) => new(samples.Description);
}
