using CortexMl.Diagnostics;
using CortexMl.Loading;
using CortexMl.Serve.Jobs;

namespace CortexMl.Serve.Looking;

/// <summary>Which of a job's files is the model.</summary>
internal static class ModelChoice
{
    /// <summary>In the order in which they are likely meant.</summary>
    private static readonly string[] s_endings = ["-symbol.json", ".onnx", ".cml"];

    /// <summary>Names of all that may be one, the likeliest first: those that lie highest, then by kind.</summary>
    public static IReadOnlyList<string> All(Job job) =>
    [
        .. from name in job.Uploads.Files
           let kind = Array.FindIndex(s_endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
           where kind >= 0
           orderby name.Count(c => c == '/'), kind
           select name,
    ];

    /// <param name="wanted">Null for the likeliest.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="DiagnosticException">CML1105, CML1101, CML1102; what is said of another tool's file.</exception>
    public static string Of(Job job, string? wanted)
    {
        if (JobWish.PathIn(job, wanted) is { } path) return path;
        if (All(job) is [var first, ..]) return JobWish.PathIn(job, first)!;
        string[] files = [.. job.Uploads.Files];
        if (files.Length == 0)
            throw new DiagnosticException(ServeCodes.NoModel, "nothing was uploaded", hint: "drop a model, and a folder of typical inputs");
        foreach (string file in files)
            if (ForeignModels.Refusal(file) is { } refusal && !file.EndsWith(".params", StringComparison.OrdinalIgnoreCase)) throw refusal;
        throw new DiagnosticException(ServeCodes.NoModel,
            $"none of {Counted.Of(files.Length, "file")} is a model that is known by its name",
            hint: "a model is x-symbol.json with x-0000.params (MXNet), x.onnx or x.cml");
    }
}
