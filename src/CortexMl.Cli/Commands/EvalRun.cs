using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;
using CortexMl.Preparing;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Sharding;

namespace CortexMl.Cli.Commands;

/// <summary>The work of <c>cortexml eval</c>: all samples, those of a shard, or none where parts are there.</summary>
/// <param name="given">Models with their data.</param>
/// <param name="question">The metric; null for none.</param>
internal sealed class EvalRun(
    Session session, RunOptions options, IReadOnlyList<(Model Model, ISampleSource Samples)> given, MetricQuestion? question)
{
    public bool RanksClasses => question is null or { Metric.RanksClasses: true };

    /// <param name="differing">Gets the samples of which models name different classes; null for nobody.</param>
    public Evaluation Whole(List<NamedClasses>? differing)
    {
        var result = OnEngines((models, progress) => Evaluator.Run(models, progress, session.Notes, question, differing));
        session.ShowNotes();
        session.ShowNotes(DataDoubts.Of(given, options.Integer));
        return result;
    }

    /// <summary>What is to be told of the figures, whoever joins the parts tells.</summary>
    public byte[] Part(PartHead head) =>
        OnEngines((models, progress) => EvaluationParts.Run(head, models, progress, question));

    /// <param name="head">Of this call, as it opens models and data.</param>
    public Evaluation Merged(PartSet parts, PartHead head)
    {
        EvaluationParts.Check(parts, head);
        foreach (var (model, _) in given) TellOfClasses(model);
        TellOfLabels();
        var result = EvaluationParts.Merge(parts, given, session.Notes, question);
        session.ShowNotes();
        session.ShowNotes(DataDoubts.Of(given, options.Integer));
        return result;
    }

    /// <param name="target">A file for the JSON; null for none.</param>
    /// <param name="json">Whether it goes to standard output.</param>
    /// <returns>The exit code.</returns>
    public int Show(Evaluation result, string? target, bool json)
    {
        string text = JsonText.Write(result);
        if (target is not null) TextOutput.Write(session, target, text);
        if (json && target != TextOutput.Standard) session.Terminal.Write(text);
        if (!json && target is null) Tables.Show(session.Terminal.Console, result);
        return ExitCodes.Ok;
    }

    private T OnEngines<T>(Func<IReadOnlyList<(EngineChoice, ISampleSource)>, IProgressSink, T> work)
    {
        var choices = new List<EngineChoice>();
        try
        {
            foreach (var (model, _) in given)
            {
                TellOfClasses(model);
                choices.Add(EngineChoice.Of(model, options));
                choices[^1].Tell(session.Notes);
            }
            TellOfLabels();
            return session.WithProgress(progress => work([.. choices.Zip(given, (choice, g) => (choice, g.Samples))], progress));
        }
        finally
        {
            foreach (var choice in choices) choice.Dispose();
        }
    }

    private void TellOfClasses(Model model)
    {
        if (RanksClasses) OutputNotes.AboutClasses(model, session.Notes);
    }

    private void TellOfLabels()
    {
        if (RanksClasses) ClassDoubts.Tell(given, session.Notes, needsLabels: given.Count == 1);
        session.ShowNotes();
    }
}
