using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Diagnostics;
using CortexMl.Reports;
using CortexMl.Runs;
using CortexMl.Serve.Jobs;
using CortexMl.Tensors;

namespace CortexMl.Serve.Looking;

/// <summary>The figures that matter most of a result; all of them stand in report.json.</summary>
internal sealed record ResultView(int? Layers, long? Gas, long? Bytes, double? FloatTop1, double? IntegerTop1, double? Agreement);

/// <summary>A job, with what only its own page shows.</summary>
/// <param name="Log">What the command said in its last run.</param>
internal sealed record JobView(JobState State, IReadOnlyList<string> Files, string Log)
{
    /// <summary>Null while there is none.</summary>
    public ResultView? Result { get; init; }

    /// <summary>What can be drawn for its network; null where that is no picture, or not compiled.</summary>
    public PictureShape? Picture { get; init; }

    public static JobView Of(Job job) => new(job.State, job.Uploads.Files, job.Log)
    {
        Result = job.State.Status == JobStatus.Done ? Figures(job) : null,
        Picture = job.State.Status == JobStatus.Done ? Drawn(job) : null,
    };

    private static ResultView? Figures(Job job)
    {
        string path = Path.Combine(job.Output, "report.json");
        if (!File.Exists(path)) return null;
        try
        {
            var report = JsonNode.Parse(File.ReadAllText(path));
            var results = report?["accuracy"]?["results"]?.AsArray() ?? [];
            return new((int?)report?["layers"], (long?)report?["gas"], (long?)report?["bytes"], Top1("float"), Top1("integer"),
                (double?)report?["accuracy"]?["agreement"]);

            double? Top1(string level) => (double?)results.FirstOrDefault(r => (string?)r?["level"] == level)?["top1"];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // Changed by somebody: the files are what counts.
            return null;
        }
    }

    private static PictureShape? Drawn(Job job)
    {
        try
        {
            var inputs = RunFile.Read(job.Run).Members.FirstOrDefault(m => m.Name == "input")?.Value as JsonObject;
            return inputs?.Count == 1 && inputs.First().Value is JsonArray dims
                ? PictureShape.Of(Shape.Of(dims.Select(dim => dim!.GetValue<int>()))) : null;
        }
        catch (Exception error) when (error is DiagnosticException or InvalidOperationException)
        {
            return null;
        }
    }
}
