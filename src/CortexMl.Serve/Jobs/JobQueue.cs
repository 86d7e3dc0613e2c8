using CortexMl.Diagnostics;
using CortexMl.Reports;

namespace CortexMl.Serve.Jobs;

/// <summary>Runs one job at a time, in the order in which they were started.</summary>
internal sealed class JobQueue : IAsyncDisposable
{
    /// <summary>Exit codes of processes that a signal ended are larger.</summary>
    private const int BySignal = 128;

    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(300);

    private readonly JobStore _store;
    private readonly IReadOnlyList<string> _command;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly Lock _lock = new();
    private readonly Task _work;
    private (string Id, CancellationTokenSource Cancel)? _running;

    /// <param name="command">The words that start <c>cortexml</c>.</param>
    public JobQueue(JobStore store, IReadOnlyList<string> command)
    {
        (_store, _command) = (store, command);
        _work = Task.Run(WorkAsync);
    }

    /// <exception cref="DiagnosticException">CML1106.</exception>
    public void Add(Job job)
    {
        lock (_lock)
        {
            job.CheckIdle("it");
            _store.Become(job, job.State with { Status = JobStatus.Queued, Turn = _store.NextTurn(), Exit = null, Problem = null });
        }
        _news.Release();
    }

    /// <summary>The process of a job that runs is ended; one that waits is taken out of the queue.</summary>
    /// <exception cref="DiagnosticException">CML1106.</exception>
    public void Cancel(Job job)
    {
        lock (_lock)
        {
            if (job.State.Status == JobStatus.Queued) _store.Become(job, job.State with { Status = JobStatus.Cancelled });
            else if (_running is { } running && running.Id == job.Id) running.Cancel.Cancel();
            else throw new DiagnosticException(ServeCodes.JobState, $"job {job.Id} neither waits nor runs", hint: "look at its result");
        }
    }

    /// <summary>A job that runs is ended and marked as interrupted.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
        _news.Dispose();
    }

    private async Task WorkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            if (Take() is { } taken)
            {
                if (taken.Cancel is { } cancel) await RunAsync(taken.Job, cancel);
                continue;
            }
            try
            {
                await _news.WaitAsync(_stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <returns>The next job; without a source where it cannot be run, which it says by then.</returns>
    private (Job Job, CancellationTokenSource? Cancel)? Take()
    {
        lock (_lock)
        {
            if (_store.All.Where(j => j.State.Status == JobStatus.Queued).MinBy(j => j.State.Turn) is not { } job) return null;
            _store.Conclude(job, job.State with { Status = JobStatus.Running });
            if (job.State.Status != JobStatus.Running) return (job, null);
            var cancel = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            _running = (job.Id, cancel);
            return (job, cancel);
        }
    }

    private async Task RunAsync(Job job, CancellationTokenSource cancel)
    {
        int? exit = null;
        string? problem = null;
        try
        {
            exit = await JobProcess.RunAsync(job, _command, line => Tell(job, line), cancel.Token);
            // Ctrl-C reaches the process too, and maybe first.
            if (exit > BySignal) await Task.Delay(s_patience, cancel.Token);
        }
        catch (OperationCanceledException)
        {
            exit = null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            exit = null;
            problem = $"{ServeCodes.JobState}: job {job.Id} could not be run: {job.Within(error.Message)}";
            Tell(job, $"error {problem}");
        }
        lock (_lock)
        {
            var status = exit == 0 ? JobStatus.Done : exit is not null || !cancel.IsCancellationRequested ? JobStatus.Failed
                : _stop.IsCancellationRequested ? JobStatus.Interrupted : JobStatus.Cancelled;
            _running = null;
            _store.Conclude(job, job.State with { Status = status, Exit = exit, Problem = status == JobStatus.Failed ? problem : null });
        }
        cancel.Dispose();
    }

    private void Tell(Job job, string line) => _store.Events.Tell(new("line", JsonText.Write(new JobLine(job.Id, line))));

    private sealed record JobLine(string Id, string Line);
}
