using CortexMl.Diagnostics;

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

/// <summary>One pass of a pipeline with the options that were written, in the order in which they were written.</summary>
public sealed record PipelineStep(string Pass, params IReadOnlyList<KeyValuePair<string, string>> Options)
{
    /// <summary>Characters of pass and option names, and of values that need no quotes.</summary>
    internal static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '/' or ':' or '%' or '*';

    /// <summary><c>quantize{weights=per-channel,output=8}</c></summary>
    public override string ToString() =>
        Options.Count == 0 ? Pass : $"{Pass}{{{string.Join(',', Options.Select(o => $"{o.Key}={Value(o.Value)}"))}}}";

    public bool Equals(PipelineStep? other) => other is not null && Pass == other.Pass && Options.SequenceEqual(other.Options);

    public override int GetHashCode() => HashCode.Combine(Pass, Options.Count);

    private static string Value(string text) => text.Length > 0 && text.All(IsPlain) ? text : Quoted.Write(text);
}
