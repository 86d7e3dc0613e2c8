using System.Text.Json;
using System.Text.Json.Serialization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Reports;

namespace CortexMl.Serve.Jobs;

/// <summary>Where a job stands; the words are those of the file and of the page.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<JobStatus>))]
internal enum JobStatus
{
    /// <summary>Files come, and it is said what shall happen to them.</summary>
    [JsonStringEnumMemberName("draft")] Draft,
    [JsonStringEnumMemberName("queued")] Queued,
    [JsonStringEnumMemberName("running")] Running,
    [JsonStringEnumMemberName("done")] Done,

    /// <summary>The command refused it; its lines say why.</summary>
    [JsonStringEnumMemberName("failed")] Failed,
    [JsonStringEnumMemberName("cancelled")] Cancelled,

    /// <summary>The page ended while it ran.</summary>
    [JsonStringEnumMemberName("interrupted")] Interrupted,
}

/// <summary>What is known of a job beside its files: state.json. It knows no time, only an order.</summary>
/// <param name="Id">Four digits or more; the name of its folder.</param>
/// <param name="Turn">Of those that wait the least goes first; 0 of those that never did.</param>
internal sealed record JobState(string Id, string Name, JobStatus Status, int Turn)
{
    public const string FileName = "state.json";

    public int Form { get; init; } = 1;

    /// <summary>How the command ended; null while it did not.</summary>
    public int? Exit { get; init; }

    /// <summary>Why it failed without the command's doing: it could not be run, or its state could not be kept; null else.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether it waits or runs, so that its files stay as they are.</summary>
    [JsonIgnore]
    public bool IsBusy => Status is JobStatus.Queued or JobStatus.Running;

    /// <summary>Null where the folder holds none that can be read: a job that was never complete.</summary>
    public static JobState? Read(string folder)
    {
        try
        {
            var state = JsonText.Read<JobState>(File.ReadAllText(Path.Combine(folder, FileName)));
            return state is { Form: 1, Name: not null } && state.Id == InputFile.DisplayName(folder) ? state : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or NotSupportedException)
        {
            return null;
        }
    }

    /// <exception cref="DiagnosticException">CML0103.</exception>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), JsonText.Write(this));
}
