namespace CortexMl.Passes;

/// <summary>
/// Passes in the order in which they run, as a string that people read, edit and pass on:
/// <c>canonicalize,quantize{weights=per-channel,output=8}</c>. Spaces and line breaks between tokens are allowed; a value that holds
/// other characters than letters, digits and <c>-_.+/:%*</c> stands in double quotes. Parsing and printing give back the same text,
/// spaces apart.
/// </summary>
public sealed record Pipeline(params IReadOnlyList<PipelineStep> Steps)
{
    /// <exception cref="Diagnostics.DiagnosticException">CML0901, with the column at which reading stopped.</exception>
    public static Pipeline Parse(string text) => new PipelineReader(text).Read();

    public bool Equals(Pipeline? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => Steps.Count;

    public override string ToString() => string.Join(',', Steps);
}
