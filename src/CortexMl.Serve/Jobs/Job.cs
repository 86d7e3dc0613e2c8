using CortexMl.Diagnostics;
using CortexMl.Reports;
using CortexMl.Runs;
using CortexMl.Serve.Uploads;

namespace CortexMl.Serve.Jobs;

//  ID/state.json      where it stands
//  ID/files/          what was uploaded
//  ID/run.json        what shall be done: a run file as any
//  ID/out/            what cortexml compile run.json made
//  ID/log.txt         what it said meanwhile
/// <summary>The folder of a job, and the names in it.</summary>
/// <param name="write">Keeps its state in a folder: <see cref="JobState.Write"/>.</param>
internal sealed class Job(string folder, JobState state, UploadLimits limits, Action<JobState, string> write)
{
    public const string FilesName = "files", OutputName = "out", LogName = "log.txt";

    private const int MostLogBytes = 1 << 20;

    public string Folder { get; } = folder;

    public JobState State { get; private set; } = state;

    public string Id => State.Id;

    public string Files => Path.Combine(Folder, FilesName);

    public string Output => Path.Combine(Folder, OutputName);

    public string Run => Path.Combine(Folder, RunFile.FileName);

    public UploadFolder Uploads { get; } =
        new(Path.Combine(folder, FilesName), Path.Combine(folder, ".incoming"), limits);

    /// <summary>One upload, look or change at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>What the command said in its last run, as far as it is kept.</summary>
    public string Log
    {
        get
        {
            string path = Path.Combine(Folder, LogName);
            if (!File.Exists(path)) return "";
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            stream.Seek(Math.Max(0, stream.Length - MostLogBytes), SeekOrigin.Begin);
            return new StreamReader(stream).ReadToEnd();
        }
    }

    public string Json => JsonText.Write(State);

    /// <exception cref="DiagnosticException">CML0103: the state stays what it was.</exception>
    public void Become(JobState state)
    {
        write(state, Folder);
        State = state;
    }

    /// <summary>
    /// As <see cref="Become"/>, whatever happens: where the state cannot be kept, as on a full disk, the job has failed for as long as the
    /// page is open, and says why. A page that is opened later finds it as it was before.
    /// </summary>
    public void Conclude(JobState state)
    {
        try
        {
            Become(state);
        }
        catch (Exception error) when (error is DiagnosticException or IOException or UnauthorizedAccessException)
        {
            string problem = error is DiagnosticException { Diagnostics: [var first, ..] } ? $"{first.Code}: {first.Message}"
                : $"{DiagnosticCodes.FileUnwritable}: {error.Message}";
            State = state with { Status = JobStatus.Failed, Problem = Within(problem) };
        }
    }

    /// <summary>In words that speak of the job's files, wherever the work folder lies.</summary>
    public string Within(string message) =>
        Printable.Line(message.Replace(Folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));

    /// <exception cref="DiagnosticException">CML1106.</exception>
    public void CheckIdle(string what)
    {
        if (State.IsBusy)
            throw new DiagnosticException(ServeCodes.JobState, $"job {Id} is at work: {what} cannot change now", hint: "cancel it first");
    }

    /// <exception cref="DiagnosticException">CML1106.</exception>
    public void CheckDone()
    {
        if (State.Status != JobStatus.Done)
            throw new DiagnosticException(ServeCodes.JobState, $"job {Id} has no result", hint: "start it, and wait until it is done");
    }
}
