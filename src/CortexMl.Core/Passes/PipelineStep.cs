using CortexMl.Text;

namespace CortexMl.Passes;

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
