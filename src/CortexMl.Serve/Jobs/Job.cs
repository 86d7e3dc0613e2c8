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
internal sealed class Job(string folder, JobState state, UploadLimits limits)
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

    public void Become(JobState state)
    {
        state.Write(Folder);
        State = state;
    }

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
