using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Reports;
using CortexMl.Serve.Uploads;

namespace CortexMl.Serve.Jobs;

/// <summary>The jobs of a work folder, which one page at a time works in.</summary>
internal sealed class JobStore : IDisposable
{
    private const int MostJobs = 1000;

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly UploadLimits _limits;
    private readonly Action<JobState, string> _write;
    private readonly FileStream _only;
    private int _last;

    private JobStore(string folder, UploadLimits limits, Action<JobState, string> write, FileStream only) =>
        (_folder, _limits, _write, _only) = (folder, limits, write, only);

    public JobEvents Events { get; } = new();

    public IReadOnlyList<Job> All
    {
        get
        {
            lock (_lock) return [.. _jobs.Values];
        }
    }

    /// <summary>What ran when the page ended is marked as interrupted; what waited waits again.</summary>
    /// <param name="write">Keeps the state of a job in its folder; null for <see cref="JobState.Write"/>.</param>
    /// <exception cref="DiagnosticException">CML1108 another page works there; CML0103.</exception>
    public static JobStore Open(string work, UploadLimits limits, Action<JobState, string>? write = null)
    {
        string folder = Path.Combine(Path.GetFullPath(work), "jobs");
        write ??= (state, place) => state.Write(place);
        var store = new JobStore(folder, limits, write, Lock(work, folder));
        foreach (string path in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal))
        {
            if (JobState.Read(path) is not { } state || !int.TryParse(state.Id, CultureInfo.InvariantCulture, out int number)) continue;
            store._last = Math.Max(store._last, number);
            var job = new Job(path, state, limits, write);
            string incoming = Path.Combine(path, ".incoming");
            if (Directory.Exists(incoming)) Directory.Delete(incoming, recursive: true);
            if (state.Status == JobStatus.Running) job.Conclude(state with { Status = JobStatus.Interrupted });
            store._jobs.Add(state.Id, job);
        }
        return store;
    }

    /// <exception cref="DiagnosticException">CML1101.</exception>
    public Job Find(string id)
    {
        lock (_lock)
            if (_jobs.TryGetValue(id, out var job)) return job;
        throw new DiagnosticException(ServeCodes.Request, $"there is no job '{Printable.Name(id)}'", hint: "it was removed, maybe");
    }

    /// <exception cref="DiagnosticException">CML1103 too many; CML0103.</exception>
    public Job Create(string name)
    {
        lock (_lock)
        {
            if (_jobs.Count >= MostJobs)
                throw new DiagnosticException(ServeCodes.UploadLimit,
                    $"there is no room for more than {Counted.Grouped(MostJobs, "job")}", hint: "remove some");
            string id = NextFolder(out string folder);
            var job = new Job(folder, new(id, Named(name), JobStatus.Draft, 0), _limits, _write);
            job.Become(job.State);
            _jobs.Add(id, job);
            Tell(job);
            return job;
        }
    }

    /// <exception cref="DiagnosticException">CML0103.</exception>
    public void Become(Job job, JobState state)
    {
        job.Become(state);
        Tell(job);
    }

    /// <inheritdoc cref="Job.Conclude"/>
    public void Conclude(Job job, JobState state)
    {
        job.Conclude(state);
        Tell(job);
    }

    public void Rename(Job job, string name) => Become(job, job.State with { Name = Named(name) });

    /// <exception cref="DiagnosticException">CML1106.</exception>
    public void Remove(Job job)
    {
        lock (_lock)
        {
            job.CheckIdle("it");
            _jobs.Remove(job.Id);
            Directory.Delete(job.Folder, recursive: true);
        }
        Events.Tell(new("gone", JsonText.Write(job.Id).Trim()));
    }

    public int NextTurn()
    {
        lock (_lock) return 1 + _jobs.Values.Select(j => j.State.Turn).DefaultIfEmpty(0).Max();
    }

    public void Dispose() => _only.Dispose();

    private void Tell(Job job) => Events.Tell(new("job", job.Json));

    private string NextFolder(out string folder)
    {
        string id;
        do
        {
            id = (++_last).ToString("D4", CultureInfo.InvariantCulture);
            folder = Path.Combine(_folder, id);
        }
        while (Path.Exists(folder));
        Directory.CreateDirectory(folder);
        return id;
    }

    private static string Named(string name)
    {
        string line = Printable.Line(name).Trim();
        return line.Length == 0 ? "model" : line.Length > 80 ? line[..80] : line;
    }

    private static FileStream Lock(string work, string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            if (new DirectoryInfo(folder).LinkTarget is not null)
                throw new DiagnosticException(ServeCodes.NotOpened, $"'{folder}' is a link", hint: "choose another --work folder");
            return new(Path.Combine(Path.GetFullPath(work), ".serve.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(ServeCodes.NotOpened, $"'{work}' cannot be worked in: {error.Message}",
                hint: "if another page works there, close it or choose another --work folder");
        }
    }
}
