using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Running;

namespace CortexMl.Cli.Presentation;

/// <summary>How predictions are shown: a line each on standard output, as JSON there, or only how many were right.</summary>
internal enum PredictionForm { Lines, Json, Summary }

/// <summary>The JSON of <c>cortexml run</c>.</summary>
internal sealed record PredictionList(IReadOnlyList<Prediction> Samples);

/// <summary>What a classifier says about each sample.</summary>
internal static class Predictions
{
    private const int Shown = 5;

    /// <param name="preparation">What was done to the data; for JSON.</param>
    /// <param name="naming">Names of the classes; null where none are known.</param>
    public static void Show(
        Session session, ModelRun run, PredictionForm form,
        string? preparation = null, bool raw = false, Func<int, string?>? naming = null)
    {
        var (model, _, results) = run;
        if (form == PredictionForm.Json)
        {
            session.Terminal.Write(FileSchemas.Write(
                new PredictionList([.. results.Select(r => Prediction.Of(model, r, Shown, preparation, raw, naming))])));
            return;
        }
        if (form == PredictionForm.Lines)
            session.Terminal.Write($"sample,label,class,top5{(naming is null ? "" : ",name")}\n"
                + string.Concat(results.Select(r => Line(Prediction.Of(model, r, Shown, naming: naming), naming is not null))));
        if (session.IsQuiet) return;
        var figures = Evaluator.Measure(run);
        string accuracy = figures.Top1 is null ? "" : $", top-1 {Tables.Share(figures.Top1)}, top-5 {Tables.Share(figures.Top5)}";
        session.Terminal.Error.Write($"{Counted.Grouped(results.Count, "sample")} on {figures.Engine}{accuracy}\n");
    }

    private static string Line(Prediction prediction, bool named) =>
        $"{Csv.Field(prediction.Sample)},{prediction.Label},{prediction.Class},{string.Join(' ', prediction.Top5)}"
        + (named ? $",{Csv.Field(prediction.ClassName ?? "")}\n" : "\n");
}
