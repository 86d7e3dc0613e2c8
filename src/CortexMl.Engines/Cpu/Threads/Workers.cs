using System.Runtime.ExceptionServices;

namespace CortexMl.Engines.Cpu.Threads;

/// <summary>
/// Threads that share the work of one executable. A piece of work has a fixed number of parts, which the caller and the threads claim one
/// after the other: a thread that the machine lets wait delays nobody. Work comes in quick succession while a graph runs, so that a
/// thread spins for a moment before it sleeps.
/// </summary>
internal sealed class Workers : IDisposable
{
    private const int Spins = 4000, PartsPerThread = 4;

    private readonly object _gate = new();
    private readonly Thread[] _threads;
    private Action<int>? _work;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The round in the upper half, its next part in the lower one.</summary>
    private long _ticket;
    private int _open, _sleepers;
    private volatile bool _stopped;

    /// <param name="threads">The caller's included.</param>
    public Workers(int threads)
    {
        Parts = threads == 1 ? 1 : threads * PartsPerThread;
        Volatile.Write(ref _ticket, Parts);
        _threads = new Thread[threads - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            _threads[i] = new Thread(Serve) { IsBackground = true, Name = $"cpu engine {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Parts of every piece of work.</summary>
    public int Parts { get; }

    /// <summary>Calls the work with 0 .. Parts - 1, each once, and returns when all are done.</summary>
    public void Run(Action<int> work)
    {
        if (_threads.Length == 0)
        {
            work(0);
            return;
        }
        _work = work;
        _open = Parts;
        Interlocked.Exchange(ref _ticket, ((_ticket >> 32) + 1) << 32);
        if (Volatile.Read(ref _sleepers) > 0)
        {
            lock (_gate) Monitor.PulseAll(_gate);
        }
        WorkOff();
        var spin = new SpinWait();
        while (Volatile.Read(ref _open) > 0) spin.SpinOnce(sleep1Threshold: -1);
        if (Interlocked.Exchange(ref _failure, null) is { } failure) failure.Throw();
    }

    public void Dispose()
    {
        _stopped = true;
        lock (_gate) Monitor.PulseAll(_gate);
        foreach (var thread in _threads) thread.Join();
    }

    private bool HasWork => (int)Volatile.Read(ref _ticket) < Parts;

    private void Serve()
    {
        while (!_stopped)
        {
            for (int i = 0; i < Spins && !HasWork && !_stopped; i++) Thread.SpinWait(1);
            if (!HasWork) Sleep();
            WorkOff();
        }
        SignalStack.Restore();
    }

    private void Sleep()
    {
        lock (_gate)
        {
            // Before the last look, as the caller looks for sleepers after it has given out work.
            Interlocked.Increment(ref _sleepers);
            while (!HasWork && !_stopped) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleepers);
        }
    }

    // A part that is claimed holds its round open: the work is that round's.
    private void WorkOff()
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            if ((int)ticket >= Parts) return;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) != ticket) continue;
            Try(_work!, (int)ticket);
            Interlocked.Decrement(ref _open);
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
