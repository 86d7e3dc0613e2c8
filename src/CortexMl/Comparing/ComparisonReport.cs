using System.Globalization;
using System.Text;
using CortexMl.Numerics;

namespace CortexMl.Comparing;

/// <summary>How far one value of the second network is from the first network's.</summary>
/// <param name="Name">Of the value, as the loaded network has it.</param>
/// <param name="Operation">What makes it in the second network: its row, and the value's own name.</param>
/// <param name="NoiseRatio">Signal to noise in dB; null where there is no noise.</param>
/// <param name="Cosine">Between both as vectors.</param>
/// <param name="MaxError">Largest difference, in real units; null where a scale was fitted.</param>
/// <param name="Saturated">Share of integers at a limit of their precision.</param>
/// <param name="IsBad">Whether it falls below the limit in dB.</param>
public sealed record NodeDifference(
    string Name, string Operation, double? NoiseRatio, double Cosine, double? MaxError, double Saturated, bool IsBad)
{
    /// <summary>Whether the network returns it.</summary>
    public bool IsOutput { get; init; }

    /// <summary>Whether a file did not tell the scale of its integers, and the one that fits best was taken.</summary>
    public bool IsFitted { get; init; }
}

/// <summary>Two networks node by node; the JSON of <c>cortexml compare</c>.</summary>
/// <param name="Samples">How many were run.</param>
/// <param name="Limit">Decibels below which a node is bad.</param>
/// <param name="FirstBad">Name of the first bad node in the second network's order; null where all are good.</param>
/// <param name="Nodes">In the order of the second network.</param>
public sealed record ComparisonReport(
    string First, string Second, int Samples, double Limit, string? FirstBad, IReadOnlyList<NodeDifference> Nodes)
{
    /// <summary>A line a node under a header; decibels are empty where there is no noise.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder("name,operation,output,db,cosine,largest error,saturated,bad\n");
        foreach (var n in Nodes)
            text.Append(CultureInfo.InvariantCulture, $"{Field(n.Name)},{Field(n.Operation)},{Flag(n.IsOutput)},{Optional(n.NoiseRatio)},")
                .Append(CultureInfo.InvariantCulture, $"{Numbers.Format(n.Cosine)},{Optional(n.MaxError)},{Numbers.Format(n.Saturated)},")
                .Append(Flag(n.IsBad)).Append('\n');
        return text.ToString();
    }

    private static string Flag(bool flag) => flag ? "yes" : "";

    private static string Optional(double? number) => number is { } n ? Numbers.Format(n) : "";

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
