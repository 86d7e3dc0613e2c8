using Iced.Intel;
using static CortexMl.Tests.Engines.Cpu.Machine.X86Lanes;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// Instructions on vector registers, of 128, 256 and 512 bits alike. Source: Intel, Software Developer's Manual, volume 2.
/// </summary>
internal static class X86Vectors
{
    /// <summary>Register, register, register or memory.</summary>
    private const string Two = "vvv vvm";

    /// <summary>By mnemonic, with the shapes of operands that are known (<see cref="X86Operand.Shape"/>).</summary>
    public static IReadOnlyDictionary<Mnemonic, (string Shapes, X86Vector Compute)> Rows { get; } =
        new Dictionary<Mnemonic, (string, X86Vector)>
        {
            [Mnemonic.Vmovdqu] = ("vv vm mv", Copy),
            [Mnemonic.Vmovdqu32] = ("vv vm mv", Copy),
            [Mnemonic.Vmovd] = ("vg vm gv mv", Copy),
            [Mnemonic.Vmovq] = ("vv vm mv", (result, left, right, number) => Copy(result, left[..8], right, number)),
            [Mnemonic.Vmovhps] = ("mv", (result, left, _, _) => left[8..16].CopyTo(result)),
            [Mnemonic.Vpbroadcastd] = ("vm vv", Broadcast),
            [Mnemonic.Vextracti128] = ("mvi vvi", Extract),
            [Mnemonic.Vextracti32x4] = ("mvi vvi", ExtractQuarter),
            [Mnemonic.Vextracti64x4] = ("mvi vvi", ExtractHalf),
            [Mnemonic.Vinserti128] = ("vvvi vvmi", Insert),

            [Mnemonic.Vpxor] = (Two, Ints((a, b) => a ^ b)),
            [Mnemonic.Vpxord] = (Two, Ints((a, b) => a ^ b)),
            [Mnemonic.Vpaddd] = (Two, Ints((a, b) => a + b)),
            [Mnemonic.Vpsubd] = (Two, Ints((a, b) => a - b)),
            [Mnemonic.Vpmulld] = (Two, Ints((a, b) => a * b)),
            [Mnemonic.Vpminsd] = (Two, Ints(Math.Min)),
            [Mnemonic.Vpmaxsd] = (Two, Ints(Math.Max)),
            [Mnemonic.Vpaddw] = (Two, Shorts((a, b) => a + b)),
            [Mnemonic.Vpmaxsw] = (Two, Shorts((a, b) => Math.Max(a, b))),
            [Mnemonic.Vpcmpeqd] = (Two, Ints((a, b) => a == b ? -1 : 0)),
            [Mnemonic.Vpminub] = (Two, Bytes(Math.Min)),
            [Mnemonic.Vpmaxub] = (Two, Bytes(Math.Max)),
            [Mnemonic.Vpsrad] = ("vvi vmi", IntsBy((a, bits) => a >> Math.Min(bits & byte.MaxValue, 31))),
            [Mnemonic.Vpslld] = ("vvi vmi", IntsBy((a, bits) => (bits & byte.MaxValue) > 31 ? 0 : a << bits)),

            [Mnemonic.Vpmaddubsw] = (Two, PairsOfBytes),
            [Mnemonic.Vpmaddwd] = (Two, PairsOfShorts),
            [Mnemonic.Vpdpbusd] = (Two, DotBytes),
            [Mnemonic.Vpdpwssd] = (Two, DotShorts),

            [Mnemonic.Vaddps] = (Two, Floats((a, b, _) => a + b)),
            [Mnemonic.Vfmadd231ps] = (Two, Floats(MathF.FusedMultiplyAdd)),

            [Mnemonic.Vpmovzxbd] = ("vv vm", Converted(1, 4)),
            [Mnemonic.Vpmovzxbw] = ("vv vm", Converted(1, 2)),
            [Mnemonic.Vpmovsxwd] = ("vv vm", Converted(2, 4, isSigned: true)),
            [Mnemonic.Vpmovdb] = ("mv vv", Converted(4, 1)),
            [Mnemonic.Vpmovdw] = ("mv vv", Converted(4, 2)),
            [Mnemonic.Vpackssdw] = (Two, Packed(4, short.MinValue, short.MaxValue)),
            [Mnemonic.Vpacksswb] = (Two, Packed(2, sbyte.MinValue, sbyte.MaxValue)),
            [Mnemonic.Vpackuswb] = (Two, Packed(2, byte.MinValue, byte.MaxValue)),

            [Mnemonic.Vpermd] = (Two, PermuteInts),
            [Mnemonic.Vpermq] = ("vvi vmi", PermuteLongs),
            [Mnemonic.Vpunpcklbw] = (Two, Interleaved(1, half: 0)),
            [Mnemonic.Vpunpckhbw] = (Two, Interleaved(1, half: 1)),
            [Mnemonic.Vpunpcklwd] = (Two, Interleaved(2, half: 0)),
            [Mnemonic.Vpunpckhwd] = (Two, Interleaved(2, half: 1)),
        };

    /// <summary>What is written may be less than what is read, or more: then there are zeros.</summary>
    private static void Copy(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        result.Clear();
        left[..Math.Min(left.Length, result.Length)].CopyTo(result);
    }

    private static void Broadcast(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number) =>
        Of<int>(result).Fill(Of<int>(left)[0]);

    private static void Extract(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number) =>
        left.Slice((number & 1) * BlockBytes, BlockBytes).CopyTo(result);

    private static void ExtractQuarter(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number) =>
        left.Slice((number & 3) * BlockBytes, BlockBytes).CopyTo(result);

    private static void ExtractHalf(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number) =>
        left.Slice((number & 1) * 2 * BlockBytes, 2 * BlockBytes).CopyTo(result);

    private static void Insert(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        left.CopyTo(result);
        right[..BlockBytes].CopyTo(result[((number & 1) * BlockBytes)..]);
    }

    private static void PairsOfBytes(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        var to = Of<short>(result);
        for (int i = 0; i < to.Length; i++)
        {
            int sum = (left[2 * i] * (sbyte)right[2 * i]) + (left[(2 * i) + 1] * (sbyte)right[(2 * i) + 1]);
            to[i] = (short)Math.Clamp(sum, short.MinValue, short.MaxValue);
        }
    }

    // The sum wraps where all four numbers are -32768.
    private static void PairsOfShorts(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        var to = Of<int>(result);
        ReadOnlySpan<short> a = Of<short>(left), b = Of<short>(right);
        for (int i = 0; i < to.Length; i++) to[i] = (a[2 * i] * b[2 * i]) + (a[(2 * i) + 1] * b[(2 * i) + 1]);
    }

    private static void DotBytes(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        var to = Of<int>(result);
        for (int i = 0; i < left.Length; i++) to[i / 4] += left[i] * (sbyte)right[i];
    }

    private static void DotShorts(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        var to = Of<int>(result);
        ReadOnlySpan<short> a = Of<short>(left), b = Of<short>(right);
        for (int i = 0; i < a.Length; i++) to[i / 2] += a[i] * b[i];
    }

    private static void PermuteInts(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        var to = Of<int>(result);
        ReadOnlySpan<int> order = Of<int>(left), from = Of<int>(right);
        for (int i = 0; i < to.Length; i++) to[i] = from[order[i] & (to.Length - 1)];
    }

    // In every 256 bits alike.
    private static void PermuteLongs(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number)
    {
        var to = Of<long>(result);
        var from = Of<long>(left);
        for (int i = 0; i < to.Length; i++) to[i] = from[(i & ~3) + ((number >> (2 * (i & 3))) & 3)];
    }
}
