using System.Runtime.InteropServices;
using System.Security.Cryptography;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Products;

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>
/// Which weights are rounded to their other neighbour, as text: the numbers of weights between two such, in Golomb's code with a power of
/// two, then base64. A bit for each weight would be longer where few are.
/// </summary>
internal static class WeightFlips
{
    private const int Bound = DemandPrecision.WeightBound;

    /// <summary>Bits of a code's rest: of longer gaps there are none.</summary>
    private const int MostRest = 24;

    /// <param name="rounded">Each the nearest integer or the other neighbour.</param>
    /// <returns>Null where all are the nearest.</returns>
    public static RoundedWeights? Of(ExactWeights exact, int[] rounded)
    {
        var halves = Halves(exact);
        int[] flipped = [.. Enumerable.Range(0, exact.Count).Where(k => rounded[k] != Nearest(halves[k]))];
        if (flipped.Length == 0) return null;
        int rest = 0;
        while (rest < MostRest && (long)flipped.Length << (rest + 1) <= exact.Count) rest++;
        var bits = new List<bool>();
        foreach (var (index, k) in flipped.Index())
        {
            int gap = k - (index == 0 ? 0 : flipped[index - 1] + 1);
            for (int i = gap >> rest; i > 0; i--) bits.Add(true);
            bits.Add(false);
            for (int i = rest - 1; i >= 0; i--) bits.Add((gap >> i & 1) == 1);
        }
        // The first byte tells how long rests are; what is left of the last one is ones, which end no code.
        var bytes = new byte[1 + (bits.Count + 7) / 8];
        bytes[0] = (byte)rest;
        for (int i = 0; i < (bytes.Length - 1) * 8; i++)
            if (i >= bits.Count || bits[i]) bytes[1 + i / 8] |= (byte)(0x80 >> i % 8);
        return new RoundedWeights(Digest(halves, rounded), Convert.ToBase64String(bytes));
    }

    /// <returns>Null where that was said of other weights, or says nothing that can be; the digest holds both.</returns>
    public static int[]? Apply(ExactWeights exact, RoundedWeights noted)
    {
        var halves = Halves(exact);
        if (Bytes(noted.Flips) is not [<= MostRest, ..] bytes) return null;
        int[] rounded = [.. halves.Select(Nearest)];
        int rest = bytes[0], at = 0, end = (bytes.Length - 1) * 8;
        for (long k = 0; ; k++)
        {
            long gap = 0;
            for (; at < end && Bit(); at++) gap++;
            if (at == end) return gap < 8 && noted.Digest == Digest(halves, rounded) ? rounded : null;
            at++;
            if (end - at < rest) return null;
            for (int to = at + rest; at < to; at++) gap = gap << 1 | (Bit() ? 1u : 0);
            k += gap;
            if (k >= rounded.Length || Other(halves[k]) is not (>= -Bound and <= Bound and var other)) return null;
            rounded[k] = other;
        }

        bool Bit() => (bytes[1 + at / 8] << at % 8 & 0x80) != 0;
    }

    /// <summary>⌊2x⌋: even where the other neighbour of the nearest integer is the next one, odd where it is the one before.</summary>
    private static int[] Halves(ExactWeights exact)
    {
        var halves = new int[exact.Count];
        for (int k = 0; k < halves.Length; k++) halves[k] = (int)Math.Clamp(Math.Floor(2 * exact[k]), -2 * Bound, 2 * Bound);
        return halves;
    }

    private static int Nearest(int half) => (half + 1) >> 1;

    private static int Other(int half) => Nearest(half) + (half % 2 == 0 ? 1 : -1);

    private static string Digest(int[] halves, int[] rounded)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(halves.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(rounded.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }

    internal static byte[]? Bytes(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
