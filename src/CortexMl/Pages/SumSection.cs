using CortexMl.Reports;

namespace CortexMl.Pages;

/// <summary>How much of its 32 bits every sum can need, by proof, and how much it needed on samples.</summary>
internal static class SumSection
{
    private const int Register = 32;

    public static Html Of(PageSource page)
    {
        var sums = page.Report.Details?.Sums ?? [];
        if (sums.Count == 0) return Html.Of($"<p class=\"note\">No value needs more bits than what it is computed from.</p>\n");
        var shown = sums.Take(PageTable.Most).ToList();
        var table = PageTable.Of(
            [
                new("layer"), new("operator"), new("declared", true), new("proven", true), new("used", true), new("proven range", true),
                new("used range", true),
            ],
            shown.Select(Row));
        return Html.Of($"""
            <p>Sums and products, whose integers are longer than what they are computed from. No device computes with more than 32 bits: the
            proof says that none needs them, whatever the input; samples say how much of it they use.</p>
            {table}{PageTable.Cut(shown.Count, sums.Count, "The first")}
            """);
    }

    private static IReadOnlyList<PageCell> Row(SumRange sum)
    {
        int proven = Bits(sum.Low, sum.High);
        var used = (sum.UsedLow, sum.UsedHigh) is ({ } low, { } high)
            ? (Bits: Bits(low, high), Text: Range(low, high)) : (Bits: 0, Text: "–");
        return
        [
            PageCell.Name(sum.Layer), PageCell.Of(sum.Operator), new(Html.Of($"{sum.Precision}"), sum.Precision),
            PageCell.Bar(Figures.Whole(proven), proven, (double)proven / Register, proven >= Register - 1 ? "bad" : ""),
            PageCell.Bar(used.Bits == 0 ? "–" : Figures.Whole(used.Bits), used.Bits, (double)used.Bits / Register, "used"),
            new(Html.Of($"{Range(sum.Low, sum.High)}"), Math.Max(-(double)sum.Low, sum.High)), new(Html.Of($"{used.Text}")),
        ];
    }

    private static string Range(long low, long high) => $"{Figures.Whole(low)} … {Figures.Whole(high)}";

    /// <summary>Of a symmetric integer that holds both: i8 is -127 to 127.</summary>
    private static int Bits(long low, long high)
    {
        Int128 magnitude = Int128.Max(Int128.Abs(low), Int128.Abs(high));
        int bits = 1;
        while (magnitude > 0) (magnitude, bits) = (magnitude >> 1, bits + 1);
        return bits;
    }
}
