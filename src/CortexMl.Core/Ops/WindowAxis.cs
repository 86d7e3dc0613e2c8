namespace CortexMl.Ops;

/// <summary>
/// A sliding window along one axis of an image: its tap k at position i lies at index i · Stride − Before + k · Dilation, outside
/// 0 .. size − 1 in the padding. Numbers are those of the attributes; what a row's rule let through does not overflow here.
/// </summary>
/// <param name="Kernel">Number of taps.</param>
/// <param name="Stride">Elements from one position to the next.</param>
/// <param name="Before">Elements of padding in front of the image.</param>
/// <param name="After">Elements of padding behind the image.</param>
/// <param name="Dilation">Elements from one tap to the next.</param>
public readonly record struct WindowAxis(long Kernel, long Stride = 1, long Before = 0, long After = 0, long Dilation = 1)
{
    /// <summary>Elements from the first tap to the last, with both.</summary>
    public long Extent => Dilation * (Kernel - 1) + 1;

    public bool HasPadding => (Before | After) != 0;

    public bool HasSymmetricPadding => Before == After;

    /// <summary>Whether every position sees the element of its own index and nothing else.</summary>
    public bool IsPointwise => Kernel == 1 && Stride == 1 && !HasPadding;

    /// <summary>Index of the first tap at a position, negative in the padding.</summary>
    public long Start(long position) => position * Stride - Before;

    /// <summary>Index behind the last tap at a position.</summary>
    public long End(long position) => Start(position) + Extent;

    /// <summary>Number of whole windows in the padded image, which the window must fit.</summary>
    /// <param name="size">Elements of the image.</param>
    public long Positions(long size) => Span(size) / Stride + 1;

    /// <summary>The same, with one more where the last elements are in no whole window; that one may lie in the trailing padding.</summary>
    public long PositionsRoundedUp(long size) => (Span(size) + Stride - 1) / Stride + 1;

    /// <summary>
    /// The number of positions of the float rows: rounded up, but for a window that would start in the trailing padding (ONNX's rule).
    /// </summary>
    public long Positions(long size, bool roundsUp)
    {
        long positions = roundsUp ? PositionsRoundedUp(size) : Positions(size);
        return roundsUp && StartsBehind(positions - 1, size) ? positions - 1 : positions;
    }

    /// <summary>Whether the window starts behind the image, where it sees at most padding.</summary>
    public bool StartsBehind(long position, long size) => Start(position) >= size;

    /// <summary>Elements that the last window reaches behind the image.</summary>
    public long Behind(long size, long positions) => Math.Max(0, End(positions - 1) - size);

    /// <summary>Elements that the last window reaches behind the trailing padding, as it may where positions are rounded up.</summary>
    public long Beyond(long size, long positions) => Math.Max(0, Behind(size, positions) - After);

    /// <summary>The part of the image between the window's first tap and its last: indices From .. To − 1.</summary>
    public (int From, int To) Cover(long position, int size) =>
        ((int)Math.Max(Start(position), 0), (int)Math.Min(End(position), size));

    /// <summary>The taps From .. To − 1 that see the image at a position; none where From is not below To.</summary>
    public (long From, long To) Taps(long position, long size) => Inside(Start(position), Dilation, Kernel, size);

    /// <summary>The positions From .. To − 1 of so many at which a tap sees the image; none where From is not below To.</summary>
    public (long From, long To) PositionsOf(long tap, long positions, long size) =>
        Inside(tap * Dilation - Before, Stride, positions, size);

    /// <summary>How many taps fall on the image or its padding, not counting what lies beyond the trailing padding.</summary>
    public long PaddedTaps(long position, long size) => Math.Min(Kernel, (size + After - 1 - Start(position)) / Dilation + 1);

    private long Span(long size) => size + Before + After - Extent;

    /// <summary>The i of 0 .. count − 1 with 0 ≤ first + i · step &lt; size.</summary>
    private static (long From, long To) Inside(long first, long step, long count, long size) =>
        (first >= 0 ? 0 : (step - 1 - first) / step, first >= size ? 0 : Math.Min(count, (size - 1 - first) / step + 1));
}
