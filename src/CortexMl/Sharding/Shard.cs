using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Sharding;

/// <summary>One of N pieces of work that are cut by the index of samples.</summary>
/// <param name="Index">From 1 to <paramref name="Of"/>.</param>
/// <param name="Of">How many there are.</param>
public sealed record Shard(int Index, int Of)
{
    /// <summary>More pieces than this are a mistake: a part and a process each.</summary>
    public const int Most = 1 << 20;

    /// <param name="text"><c>3/16</c>.</param>
    /// <exception cref="DiagnosticException">CML1207.</exception>
    public static Shard Parse(string text)
    {
        string[] numbers = text.Split('/');
        if (numbers.Length == 2 && Number(numbers[0]) is { } index && Number(numbers[1]) is { } of && index <= of) return new(index, of);
        throw new DiagnosticException(ShardCodes.Shard, $"'{Printable.Escape(text)}' is no shard",
            hint: $"write I/N with I from 1 to N, N up to {Counted.Grouped(Most, "part")}: --shard 3/16");
    }

    /// <summary>Its samples: those from ⌊count·(I-1)/N⌋ on and before ⌊count·I/N⌋. Maybe none, of more shards than samples.</summary>
    /// <param name="count">Of all samples of the run.</param>
    public SampleRange RangeOf(int count)
    {
        int first = Before(Index - 1);
        return new(first, Before(Index) - first);

        int Before(int shards) => (int)((long)count * shards / Of);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Index}/{Of}");

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= Most ? number : null;
}

/// <summary>Samples that follow each other.</summary>
/// <param name="First">Index of the first in the whole data.</param>
/// <param name="Count">0 for none.</param>
public readonly record struct SampleRange(int First, int Count);
