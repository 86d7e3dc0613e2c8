namespace CortexMl.Mutants;

/// <summary>One rule of a pass, bent: a text that stands once in a file, and what stands there instead.</summary>
/// <param name="Id">In kebab-case, one of a kind.</param>
/// <param name="File">Below <c>passes/</c>.</param>
/// <param name="Reason">What the mutant does wrong.</param>
public sealed record MutationRule(string Id, string File, string Reason, string Before, string After)
{
    /// <summary>A filter of <c>dotnet test</c> for the tests that should notice; they run first.</summary>
    public required string Tests { get; init; }

    /// <summary>Why no test can tell the mutant from the original; null where one should.</summary>
    public string? Equivalent { get; init; }

    /// <exception cref="ArgumentException">The text does not stand there exactly once.</exception>
    public string Apply(string source)
    {
        int at = source.IndexOf(Before, StringComparison.Ordinal);
        if (at < 0 || source.IndexOf(Before, at + 1, StringComparison.Ordinal) >= 0)
            throw new ArgumentException($"{Id}: its text does not stand once in {File}", nameof(source));
        return string.Concat(source.AsSpan(0, at), After, source.AsSpan(at + Before.Length));
    }
}
