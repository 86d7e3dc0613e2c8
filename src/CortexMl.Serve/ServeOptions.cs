namespace CortexMl.Serve;

/// <summary>How a page is served.</summary>
/// <param name="Work">The folder in which jobs lie; nothing outside it is written.</param>
/// <param name="Command">The words that start the command <c>cortexml</c>, which does the work of a job.</param>
public sealed record ServeOptions(string Work, IReadOnlyList<string> Command)
{
    public const long DefaultMaxUpload = 512L << 20;

    /// <summary>0 takes one that is free.</summary>
    public int Port { get; init; }

    /// <summary>Bytes that the files of one job may take, unpacked.</summary>
    public long MaxUpload { get; init; } = DefaultMaxUpload;

    /// <summary>Keeps the state of a job in a folder; null for its file.</summary>
    internal Action<Jobs.JobState, string>? Write { get; init; }
}
