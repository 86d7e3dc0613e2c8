using System.Globalization;
using System.Text;
using CortexMl.Auditing;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Presentation;

/// <summary>What an audit found, for people.</summary>
internal static class AuditText
{
    /// <param name="isRecomputed">The second one is what was computed again, not the transcript of a party.</param>
    public static string Of(AuditReport report, bool isRecomputed)
    {
        string others = isRecomputed ? "computed again" : "OTHER";
        if (report.Difference is not { } difference)
            return $"{report.Root}: {Counted.Of(report.Layers, "layer")}, {(isRecomputed ? "as computed again" : "the same in both")}\n";
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture,
            $"layer {difference.Place} of {report.Layers} is the first that differs: '{Printable.Name(difference.Name)}' ");
        text.Append(CultureInfo.InvariantCulture, $"({Printable.Name(difference.Operation)}), ");
        text.Append(CultureInfo.InvariantCulture, $"found with {Counted.Of(report.Comparisons, "comparison")} of digests\n");
        Line("FILE", difference.Digests, difference.IsRight);
        Line(others, difference.OtherDigests, difference.IsOtherRight);
        if (difference.Executed is { } executed) Line("executed", executed, null);
        return text.ToString();

        void Line(string who, IReadOnlyList<string> digests, bool? isRight) => text.Append(CultureInfo.InvariantCulture,
            $"  {who}: {string.Join(' ', digests)}{isRight switch { true => ", right", false => ", wrong", _ => "" }}\n");
    }
}
