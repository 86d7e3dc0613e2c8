namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Tables take in what lies around them, so that it is done when the table is made.</summary>
internal static class LookupLinks
{
    /// <summary>Of what is added to an index.</summary>
    private const int LargestOrigin = 1 << 16;

    public static IReadOnlyList<ChainLink> Folded(IReadOnlyList<ChainLink> links)
    {
        List<ChainLink> folded = [];
        foreach (var link in links)
        {
            //  f(T[i])   ⇒   (f ∘ T)[i]
            if (folded.LastOrDefault() is ChainLink.TableEntry behind && Function(link) is { } f)
                folded[^1] = behind with { Table = Array.ConvertAll(behind.Table, entry => f(entry)) };
            else folded.Add(link);
            if (link is ChainLink.TableEntry) TakeOrigin(folded);
        }
        return folded;
    }

    //  clamp(x, l, h), + a, clamp(., 0, n - 1), T[.]   ⇒   clamp(x, l, h), clamp(., -a, n - 1 - a), T[. + a]
    //
    // Where l + a and h + a do not wrap.
    private static void TakeOrigin(List<ChainLink> links)
    {
        if (links is not
            [.., ChainLink.Clamp clamp, ChainLink.Add add, ChainLink.Clamp inside, ChainLink.TableEntry { Origin: 0 } lookup]) return;
        if (Shared(add.Addends) is not { } a || Math.Abs((long)a) > LargestOrigin) return;
        bool wraps = (long)clamp.Low + a < int.MinValue || (long)clamp.High + a > int.MaxValue;
        if (wraps || inside.Low != 0) return;
        links.RemoveRange(links.Count - 3, 3);
        links.Add(new ChainLink.Clamp(-a, inside.High - a, clamp.Of));
        links.Add(lookup with { Origin = a });
    }

    /// <summary>What a link does to a number of any channel; null where that is not one thing.</summary>
    private static Func<int, int>? Function(ChainLink link) => link switch
    {
        ChainLink.Add { Addends: var addends } when Shared(addends) is { } a => x => unchecked(x + a),
        ChainLink.Multiply { Factors: var factors } when Shared(factors) is { } m => x => unchecked(x * m),
        ChainLink.Clamp clamp => x => Math.Clamp(x, clamp.Low, clamp.High),
        ChainLink.RoundingShift { Bits: var bits } => x => unchecked((x >> (bits - 1)) + 1) >> 1,
        ChainLink.TableEntry lookup => x => lookup.Table[x + lookup.Origin],
        _ => null,
    };

    /// <summary>The number that all channels have; null where they differ.</summary>
    private static int? Shared(int[] numbers) => numbers.AsSpan().ContainsAnyExcept(numbers[0]) ? null : numbers[0];
}
