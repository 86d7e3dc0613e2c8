using System.Runtime.ExceptionServices;

namespace CortexMl.Engines.Cpu.Threads;

/// <summary>
/// Threads that share the work of one executable. The caller takes the first part of every piece of work. Work comes in quick succession while a graph
/// runs, so that a thread spins for a moment before it sleeps. Which part runs where is fixed.
/// </summary>
internal sealed class Workers : IDisposable
{
    private const int Spins = 4000;

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private Action<int>? _work;
    private ExceptionDispatchInfo? _failure;
    private int _round, _open;
    private bool _stopped;

    /// <param name="count">Parts of a piece of work, the caller's included.</param>
    public Workers(int count)
    {
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int part = i + 1;
            _threads[i] = new Thread(() => Serve(part)) { IsBackground = true, Name = $"cpu engine {part}" };
            _threads[i].Start();
        }
    }

    public int Count => _threads.Length + 1;

    /// <summary>Calls the work with 0 .. Count - 1, each on its thread, and returns when all are done.</summary>
    public void Run(Action<int> work)
    {
        if (_threads.Length == 0)
        {
            work(0);
            return;
        }
        _work = work;
        Volatile.Write(ref _open, _threads.Length);
        lock (_gate)
        {
            _round++;
            Monitor.PulseAll(_gate);
        }
        Try(work, 0);
        var spin = new SpinWait();
        while (Volatile.Read(ref _open) > 0) spin.SpinOnce(sleep1Threshold: -1);
        if (Interlocked.Exchange(ref _failure, null) is { } failure) failure.Throw();
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.PulseAll(_gate);
        }
        foreach (var thread in _threads) thread.Join();
    }

    private void Serve(int part)
    {
        for (int round = 1; Await(round); round++)
        {
            Try(_work!, part);
            Interlocked.Decrement(ref _open);
        }
    }

    /// <returns>Whether there is a round; false when everything is over.</returns>
    private bool Await(int round)
    {
        for (int i = 0; i < Spins && Volatile.Read(ref _round) < round && !Volatile.Read(ref _stopped); i++) Thread.SpinWait(1);
        lock (_gate)
        {
            while (_round < round && !_stopped) Monitor.Wait(_gate);
            return !_stopped;
        }
    }

    private void Try(Action<int> work, int part)
    {
        try
        {
            work(part);
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(error), null);
        }
    }
}
