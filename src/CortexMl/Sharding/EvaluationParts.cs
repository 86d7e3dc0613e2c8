using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Evaluating.Tallying;
using CortexMl.Files;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Running;

namespace CortexMl.Sharding;

/// <summary>
/// Evaluations in parts: the samples of a shard become sums (<see cref="SumsWriter"/>), and the sums of all shards one evaluation, bit by
/// bit that of one run.
/// </summary>
public static class EvaluationParts
{
    /// <summary>What has to be the same in all parts.</summary>
    /// <param name="models">Each with all of its data.</param>
    /// <param name="options">Those of the call that decide, as they were spelled.</param>
    public static IReadOnlyList<PartFact> Facts(
        IReadOnlyList<(Model Model, ISampleSource Samples)> models, Metric? metric, string options)
    {
        var samples = models[0].Samples as SampleSource;
        string labels = string.Join(' ', samples?.Labels ?? []);
        return
        [
            .. models.SelectMany((m, k) => OfModel(m.Model, m.Samples, models.Count == 1 ? "" : FormattableString.Invariant($" {k + 1}"))),
            samples is null ? PartFacts.OfText("data", models[0].Samples.Description) : DataListing.FactOf(samples),
            PartFacts.Of("labels", samples is null ? "" : Counted.Of(samples.Labels.Distinct().Count(), "class", "classes"), labels),
            PartFacts.OfText("metric", metric?.Name ?? ""), PartFacts.OfText("options", options),
        ];
    }

    /// <param name="head">Of the call as it is made now.</param>
    /// <exception cref="DiagnosticException">CML1205: models, data or options are not those of the parts.</exception>
    public static void Check(PartSet parts, PartHead head)
    {
        var run = parts.Run;
        if ((head with { Shard = run.Shard }).DifferenceFrom(run) is not { } difference) return;
        throw new DiagnosticException(ShardCodes.OtherRun, $"what is opened is not what the parts were made of: {difference}",
            hint: "merge where models, data and labels are as they were, or name where they lie now: --model, --data, --labels");
    }

    /// <summary>Runs the samples of a shard.</summary>
    /// <param name="head">Whose part it is.</param>
    /// <param name="models">Each, on its engine, with all of its data, of which the shard's samples are read.</param>
    /// <returns>The part.</returns>
    /// <exception cref="DiagnosticException">As <see cref="Evaluator.Run"/>.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static byte[] Run(
        PartHead head, IReadOnlyList<(EngineChoice Model, ISampleSource Samples)> models, IProgressSink progress,
        MetricQuestion? question = null)
    {
        var range = head.Range;
        ShardSamples[] shards = [.. models.Select(m => new ShardSamples(m.Samples, range))];
        var probe = Probe(models, range, question);
        var sums = BlockwiseTally.Run(
            [.. models.Zip(shards, (m, shard) => (m.Model, (ISampleSource)shard))], progress, question, first: range.First, probe: probe);
        return Part.Write(head, json =>
        {
            SumsWriter.Write(json, sums);
            ObservedData.Write(json, [.. shards.Select(s => s.Facts)]);
        });
    }

    /// <summary>The evaluation of all samples, from parts of all shards.</summary>
    /// <param name="models">As the parts ran them; nothing is run or read, but sources are told what the parts saw of the data.</param>
    /// <param name="notes">Gets what one run would tell.</param>
    /// <exception cref="DiagnosticException">CML1200 to CML1204; CML1210 to CML1212; CML0975 of the metric.</exception>
    public static Evaluation Merge(
        PartSet parts, IReadOnlyList<(Model Model, ISampleSource Samples)> models, DiagnosticBag? notes = null,
        MetricQuestion? question = null)
    {
        EvaluationSums? all = null;
        var observed = models.Select(_ => (IReadOnlyList<InputFacts>)[]).ToList();
        foreach (var (place, part) in parts.Parts().Index())
        {
            var reader = new SumsReader(InputFile.DisplayName(parts.Paths[place]));
            var sums = EvaluationTally.Empty(models, question);
            var (first, count) = part.Head.Range;
            reader.Read(part.Content, sums, first, count);
            observed = reader.Observed(part.Content, observed, count);
            if (all is null) all = sums;
            else all.Merge(sums);
        }
        foreach (var ((_, samples), facts) in models.Zip(observed)) (samples as SampleSource)?.Saw(facts);
        TellEngines(all!, notes);
        return Evaluator.Finished(all!, models, notes);
    }

    private static IEnumerable<PartFact> OfModel(Model model, ISampleSource samples, string number)
    {
        string tail = model.Tail is { } rest ? GraphDigest.OfContent(rest.Graph) : "";
        string content = $"{GraphDigest.OfNamed(model.Graph)}\n{model.LevelName}\n{model.Io?.ToJson()}\n{tail}";
        yield return PartFacts.Of("model" + number, model.Name, content);
        yield return PartFacts.OfText("preparation" + number, samples.Preparation);
    }

    /// <summary>What a metric needs to know of the data's first sample, in a shard without it.</summary>
    internal static SampleResult? Probe(
        IReadOnlyList<(EngineChoice Model, ISampleSource Samples)> models, SampleRange range, MetricQuestion? question)
    {
        if (range.First == 0 || question is not { Metric.NeedsProbe: true }) return null;
        var (model, samples) = models.First(m => !m.Model.Model.IsInteger);
        return Batch.Run(model, new ShardSamples(samples, new(0, 1)), NoProgress.Instance).Results[0];
    }

    private static void TellEngines(EvaluationSums sums, DiagnosticBag? notes)
    {
        foreach (var (model, engines) in sums.Models.Zip(sums.Engines).Where(m => m.Second.Count > 1))
            notes?.Note(EvaluationCodes.Engines, $"parts of '{model.Name}' ran on {string.Join(" and ", engines)}",
                hint: "engines agree to the last bit; with --engine all parts, and the file, name one");
    }
}
