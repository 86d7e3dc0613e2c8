using CortexMl.Diagnostics;
using CortexMl.Serve.Jobs;

namespace CortexMl.Serve.Looking;

/// <summary>A diagnostic as the page shows it.</summary>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>note</c>.</param>
internal sealed record Told(string Severity, string Code, string Message, string? Place, string? Hint)
{
    public static Told Of(Diagnostic diagnostic) => new(
        diagnostic.Severity.ToString().ToLowerInvariant(), diagnostic.Code, string.Join('\n', [diagnostic.Message, .. diagnostic.Details]),
        diagnostic.Location is { IsUnknown: false } location ? location.ToString() : null, diagnostic.Hint);

    /// <summary>In words that speak of the job's files, wherever the work folder lies.</summary>
    public Told Within(Job job) => this with { Message = Within(job, Message), Hint = Hint is null ? null : Within(job, Hint) };

    private static string Within(Job job, string text) => text
        .Replace(job.Files + Path.DirectorySeparatorChar, "", StringComparison.Ordinal)
        .Replace(job.Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
