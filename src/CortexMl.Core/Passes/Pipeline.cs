using CortexMl.Diagnostics;

namespace CortexMl.Passes;

/// <summary>
/// Passes in the order in which they run, as a string that people read, edit and pass on:
/// <c>canonicalize,quantize{weights=per-channel,output=8}</c>. Spaces and line breaks between tokens are allowed; a value that holds
/// other characters than letters, digits and <c>-_.+/:%*</c> stands in double quotes. Parsing and printing give back the same text,
/// spaces apart. A step may also be the name of a pipeline or an edit of what stands left of it:
/// <c>default,my-pass@before:quantize,-fuse-scale</c>; <see cref="PassRegistry.Resolve"/> makes passes alone of that.
/// </summary>
public sealed record Pipeline(params IReadOnlyList<PipelineStep> Steps)
{
    /// <exception cref="Diagnostics.DiagnosticException">CML0901, with the column at which reading stopped.</exception>
    public static Pipeline Parse(string text) => new PipelineReader(text).Read();

    /// <summary>Its passes up to the first run of one; all where that is null or it has no such pass.</summary>
    public Pipeline Until(string? last)
    {
        int end = Steps.ToList().FindIndex(s => s.Pass == last);
        return end < 0 ? this : new Pipeline([.. Steps.Take(end + 1)]);
    }

    public bool Equals(Pipeline? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => Steps.Count;

    public override string ToString() => string.Join(',', Steps);
}

/// <summary>Where a step goes, in place of where it is written.</summary>
public enum PipelinePlace
{
    /// <summary>Where it is written; where the pass asks for a place in a named pipeline, there.</summary>
    Here,

    /// <summary>In front of the first run of a pass.</summary>
    Before,

    /// <summary>Behind the last run of a pass.</summary>
    After,

    /// <summary>In place of each run of a pass.</summary>
    Instead,
}

/// <summary>One pass of a pipeline with the options that were written, in the order in which they were written.</summary>
/// <param name="Pass">Its name, or that of a pipeline; <c>-name</c> takes each run of a pass out.</param>
public sealed record PipelineStep(string Pass, params IReadOnlyList<KeyValuePair<string, string>> Options)
{
    /// <summary>What stands in front of the name of a pass that is taken out.</summary>
    internal const char Removal = '-';

    public PipelinePlace Place { get; init; }

    /// <summary>The pass of <see cref="Place"/>; empty for the step's own name, which may be left out behind <c>@instead</c>.</summary>
    public string Anchor { get; init; } = "";

    public bool IsRemoval => Pass[0] == Removal;

    /// <summary>Characters of pass and option names, and of values that need no quotes.</summary>
    internal static bool IsPlain(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '+' or '/' or ':' or '%' or '*';

    /// <summary><c>quantize{weights=per-channel,output=8}@before:calibrate</c></summary>
    public override string ToString()
    {
        string options = Options.Count == 0 ? "" : $"{{{string.Join(',', Options.Select(o => $"{o.Key}={Value(o.Value)}"))}}}";
        string place = Place == PipelinePlace.Here ? "" : $"@{PlaceName(Place)}{(Anchor.Length > 0 ? ":" : "")}{Anchor}";
        return Pass + options + place;
    }

    public bool Equals(PipelineStep? other) => other is not null && (Pass, Place, Anchor) == (other.Pass, other.Place, other.Anchor)
        && Options.SequenceEqual(other.Options);

    public override int GetHashCode() => HashCode.Combine(Pass, Options.Count);

    /// <summary>As it is written behind <c>@</c>.</summary>
    internal static string PlaceName(PipelinePlace place) => place.ToString().ToLowerInvariant();

    /// <summary>A value as a pipeline string spells it: in quotes where it needs them.</summary>
    internal static string Value(string text) => text.Length > 0 && text.All(IsPlain) ? text : Quoted.Write(text);
}
