namespace CortexMl.Files;

/// <summary>
/// Keeps the end of the process out of the middle of writing: whoever ends it waits for what is being written, and nothing is begun after
/// that.
/// </summary>
public static class WriteGate
{
    private static readonly ReaderWriterLockSlim s_gate = new(LockRecursionPolicy.SupportsRecursion);
    private static int s_written;

    /// <summary>Whether this process has finished writing anything.</summary>
    public static bool HasWritten => Volatile.Read(ref s_written) > 0;

    /// <summary>For good; false where something is still being written after so long.</summary>
    public static bool Close(TimeSpan patience) => s_gate.TryEnterWriteLock(patience);

    /// <summary>Writing, until it is disposed on the same thread.</summary>
    internal static IDisposable Enter()
    {
        s_gate.EnterReadLock();
        return new Entrance();
    }

    /// <summary>Something is whole and has its name.</summary>
    internal static void Wrote() => Interlocked.Increment(ref s_written);

    private sealed class Entrance : IDisposable
    {
        public void Dispose() => s_gate.ExitReadLock();
    }
}
