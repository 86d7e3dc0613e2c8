using CortexMl.Compiling;
using CortexMl.Diagnostics;

namespace CortexMl.Sharding;

/// <summary>What a part is of.</summary>
public enum PartKind
{
    Calibration,
    Evaluation,

    /// <summary>One compilation of a search.</summary>
    Trial,

    /// <summary>The jobs of a search.</summary>
    Plan,
}

/// <summary>Something that has to be the same in all parts of a run: its model, data, preparation, options, ….</summary>
/// <param name="Name">What it is: <c>model</c>.</param>
/// <param name="Said">For people; not compared.</param>
/// <param name="Digest">64 lower-case hexadecimal digits; see <see cref="PartFacts"/>.</param>
public sealed record PartFact(string Name, string Said, string Digest);

/// <summary>Whose part it is: everything but what was found out.</summary>
/// <param name="Compiler">Version of the program; parts of several do not merge.</param>
/// <param name="Samples">Those of the whole run, after the limit was applied.</param>
/// <param name="Words">
/// The call without what may be another for each part (shard, output, messages): merging reads the command line once more from them. The
/// command, its arguments, then an option with its value a word: <c>--data=images.npy</c>. Paths are as they were given.
/// </param>
/// <param name="Facts">In a fixed order.</param>
public sealed record PartHead(
    PartKind Kind, string Compiler, Shard Shard, int Samples, IReadOnlyList<string> Words, IReadOnlyList<PartFact> Facts)
{
    /// <summary>The version of this program, for <see cref="Compiler"/>.</summary>
    public static string ThisCompiler => ResultPage.Version;

    public SampleRange Range => Shard.RangeOf(Samples);

    /// <summary>The first thing in which two parts are not of one run; null where they are.</summary>
    /// <returns>As a message says it, this one first: <c>other model: 'a.onnx' (1f2e…), not 'b.onnx' (77ab…)</c>.</returns>
    public string? DifferenceFrom(PartHead other)
    {
        if (Kind != other.Kind) return $"a part of {Spelled(Kind)}, not of {Spelled(other.Kind)}";
        if (Compiler != other.Compiler) return $"of cortexml {Compiler}, not {other.Compiler}";
        foreach (var (own, its) in Facts.Zip(other.Facts))
            if (own.Name != its.Name || own.Digest != its.Digest) return Difference(own, its);
        if (Facts.Count != other.Facts.Count) return "other things are said of the run";
        if (Samples != other.Samples) return $"of {Counted.Of(Samples, "sample")}, not {Counted.Of(other.Samples, "sample")}";
        return Shard.Of == other.Shard.Of ? null : $"of {Counted.Of(Shard.Of, "shard")}, not {Counted.Of(other.Shard.Of, "shard")}";
    }

    /// <summary>Whether they say the same but for where files lie: the same shard of the same run.</summary>
    public bool IsSame(PartHead other) => Shard == other.Shard && DifferenceFrom(other) is null;

    private static string Spelled(PartKind kind) => kind.ToString().ToLowerInvariant();

    private static string Difference(PartFact own, PartFact its)
    {
        if (own.Name != its.Name) return $"something is said of {own.Name}, not of {its.Name}";
        // Of long texts, such as pipelines, from a little before the first difference on.
        int same = own.Said.Zip(its.Said).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"other {own.Name}: {Value(own, same)}, not {Value(its, same)}";
    }

    private static string Value(PartFact fact, int same)
    {
        const int most = 100, before = 30;
        string said = fact.Said;
        if (said.Length > most && same > before) said = "…" + said[Math.Min(said.Length, same - before)..];
        if (said.Length > most) said = said[..most] + "…";
        return $"{(said.Length > 0 ? $"'{said}'" : "none")} ({fact.Digest[..8]}…)";
    }
}

/// <summary>Makes facts.</summary>
public static class PartFacts
{
    /// <summary>A fact that is a text; the text is what people see.</summary>
    public static PartFact OfText(string name, string text) => new(name, text, PartDigest.Of(text));

    /// <param name="said">For people.</param>
    /// <param name="content">What is compared.</param>
    public static PartFact Of(string name, string said, string content) => new(name, said, PartDigest.Of(content));
}
