using CortexMl.Diagnostics;

namespace CortexMl.Frontends;

/// <summary>Borders made of a tensor's own elements.</summary>
internal static class Borders
{
    /// <summary>Elements of a border along one axis: positions are worked out for each.</summary>
    private const long Widest = 1 << 20;

    /// <summary>Which element of an axis stands at each place of the padded axis.</summary>
    /// <param name="mode">edge: the last element again; reflect: from the one beside it back; symmetric: from itself back; wrap: from
    /// the other end.</param>
    /// <exception cref="NodeException">The border is too wide.</exception>
    public static long[] Indices(int size, long front, long back, string mode) => front + back <= Widest
        ? [.. Enumerable.Range(0, (int)(front + size + back)).Select(i => Source(i - front, size, mode))]
        : throw new NodeException(FrontendCodes.ShapeMismatch, $"a border of {Counted.Of(front + back, "element")} is too wide");

    private static long Source(long at, int size, string mode)
    {
        if (mode == "edge" || (size == 1 && mode == "reflect")) return Math.Clamp(at, 0, size - 1);
        if (mode == "wrap") return Within(at, size);
        long period = mode == "symmetric" ? 2L * size : 2L * (size - 1), inside = Within(at, period);
        return inside < size ? inside : mode == "symmetric" ? period - 1 - inside : period - inside;
    }

    private static long Within(long at, long period) => (at % period + period) % period;
}
