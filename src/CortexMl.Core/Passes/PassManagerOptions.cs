namespace CortexMl.Passes;

/// <summary>How a pipeline runs.</summary>
public sealed record PassManagerOptions
{
    public static PassManagerOptions Default { get; } = new();

    /// <summary>Verify the graph after every pass.</summary>
    public bool VerifyEach { get; init; } = true;

    /// <summary>Name of the pass after whose first run the pipeline ends; null runs all of it.</summary>
    public string? StopAfter { get; init; }

    /// <summary>
    /// Rewrites allowed in the whole pipeline, null for any number. Once they are used up rewriting passes change nothing more, while
    /// passes that change the level still do: by halving, the one rewrite that breaks a network is found.
    /// </summary>
    public long? RewriteLimit { get; init; }
}
