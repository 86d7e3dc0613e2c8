using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Cli.Presentation;

/// <summary>What a classifier says about each sample: one line each on standard output.</summary>
internal static class Predictions
{
    private const int Shown = 5;

    public static void Show(Session session, Model model, IReadOnlyList<SampleResult> results, RunOptions options, bool json)
    {
        var lines = results.Select(r => Prediction.Of(r, Shown)).ToList();
        if (json)
        {
            session.Terminal.Write(JsonText.Write(lines));
            return;
        }
        session.Terminal.Write("sample,label,class,top5\n" + string.Concat(lines.Select(l => $"{Quoted(l.Sample)},{l.Label},{l.Class},{string.Join(' ', l.Top5)}\n")));
        if (session.IsQuiet) return;
        var figures = Evaluator.Measure(model, results, options);
        string accuracy = figures.Top1 is null ? "" : $", top-1 {Tables.Share(figures.Top1)}, top-5 {Tables.Share(figures.Top5)}";
        session.Terminal.Error.Write($"{Tables.Number(results.Count)} samples on {figures.Engine}{accuracy}\n");
    }

    private static string Quoted(string name) => name.AsSpan().ContainsAny(',', '"') ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : name;
}
