namespace CortexMl.Passes.Instrumentation;

/// <summary>Hands out every rewrite, numbered as a rewrite limit counts them.</summary>
public sealed class RewriteLog(Action<RewriteNote> write) : IPassInstrumentation
{
    public bool WatchesRewrites => true;

    public void Rewrote(RewriteNote note) => write(note);
}
