namespace CortexMl.Fuzz;

/// <summary>
/// Memory in use at most during an action, by looking often. Nothing else may run meanwhile: the whole process is measured.
/// </summary>
internal static class PeakMemory
{
    public static long Of(Action action)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true), peak = before;
        using var done = new ManualResetEventSlim();
        var sampler = new Thread(() =>
        {
            while (!done.IsSet)
            {
                GC.Collect(2, GCCollectionMode.Forced, blocking: true);
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: false));
            }
        });
        sampler.Start();
        try
        {
            action();
        }
        finally
        {
            done.Set();
            sampler.Join();
        }
        return peak - before;
    }
}
