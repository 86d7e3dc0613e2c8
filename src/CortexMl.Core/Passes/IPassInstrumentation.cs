using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>Hears of every pass that runs: dumps, timing, verification, reproducers. The pass manager knows none of its clients.</summary>
public interface IPassInstrumentation
{
    void Before(PassInfo pass, PassOptions options, Graph graph)
    {
    }

    /// <param name="rewrites">How many rewrites the pass made.</param>
    void After(PassInfo pass, PassOptions options, Graph graph, long rewrites)
    {
    }

    /// <summary>Whether <see cref="Rewrote"/> is to be called: each note costs a text.</summary>
    bool WatchesRewrites => false;

    /// <summary>Called before each rewrite of a value, after whatever the rule inserted.</summary>
    void Rewrote(RewriteNote note)
    {
    }

    /// <summary>
    /// Called before uses of a value become uses of another one: who follows values through passes looks for that from then on.
    /// </summary>
    void Replaced(Value old, Value replacement)
    {
    }

    void Failed(PassInfo pass, PassOptions options, Graph graph, Exception error)
    {
    }
}
