using System.Runtime.InteropServices;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Float.MachineCode;
using CortexMl.Tests.Engines.Float;
using Iced.Intel;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Instructions on floats, as the machine runs them, by their definition, and on the processor where that has them.</summary>
public sealed class X86FloatTests
{
    private const int Samples = 400;

    /// <summary>All that are tried here.</summary>
    internal static IReadOnlySet<Code> Tried { get; } =
        new HashSet<Code>([TileSet.Avx2.MultiplyAdd, TileSet.Avx2.Add, TileSet.Avx512.MultiplyAdd, TileSet.Avx512.Add]);

    public static TheoryData<string, bool> Rows
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var code in Tried)
            {
                rows.Add(code.ToString(), false);
                rows.Add(code.ToString(), true);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Machine_computes_what_is_defined(string name, bool inMemory) =>
        Each(Enum.Parse<Code>(name), inMemory, (code, snippet, left, right, old) =>
        {
            bool adds = code.Mnemonic() == Mnemonic.Vaddps, isWide = code.ToOpCode().Encoding == EncodingKind.EVEX;
            float[] a = Floats(left), b = Floats(right), sum = Floats(old);
            for (int i = 0; i < sum.Length; i++)
            {
                float defined = adds ? Rounded(a[i], b[i]) : Rounded((double)a[i] * b[i], sum[i]);
                sum[i] = isWide || i < sum.Length / 2 ? defined : 0;
            }
            Assert.Equal(FloatNumbers.Bits(sum), FloatNumbers.Bits(Floats(snippet.Emulate(left, right, old).Register)));
        });

    [SkippableTheory]
    [MemberData(nameof(Rows))]
    public void Processor_computes_what_the_machine_does(string name, bool inMemory)
    {
        var code = Enum.Parse<Code>(name);
        Skip.IfNot(TileSet.AtHand.Any(set => code == set.MultiplyAdd || code == set.Add), "the processor has no such instruction");
        Each(code, inMemory, (_, snippet, left, right, old) =>
        {
            using var memory = new CodeMemory(snippet.Bytes);
            float[] expected = Floats(X86Snippet.RunNatively(memory, left, right, old).Register);
            Assert.Equal(FloatNumbers.Bits(expected), FloatNumbers.Bits(Floats(snippet.Emulate(left, right, old).Register)));
        });
    }

    [Fact]
    public void A_product_and_a_sum_are_rounded_once()
    {
        // (1 + 2^-12)² = 1 + 2^-11 + 2^-24, a tie that a product of its own would round away.
        float x = 1 + MathF.ScaleB(1, -12);
        Assert.Equal(MathF.ScaleB(1, -24), Rounded((double)x * x, -1 - MathF.ScaleB(1, -11)));
        Assert.Equal(0f, x * x - (1 + MathF.ScaleB(1, -11)));
    }

    private static void Each(Code code, bool inMemory, Action<Code, X86Snippet, byte[], byte[], byte[]> check)
    {
        var random = new Random((int)code);
        var snippet = new X86Snippet(code, inMemory, number: 0);
        for (int i = 0; i < Samples; i++) check(code, snippet, Operand(random), Operand(random), Operand(random));
    }

    private static byte[] Operand(Random random) => MemoryMarshal.AsBytes<float>(FloatNumbers.Odd(random, 16)).ToArray();

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    /// <summary>
    /// a + b, rounded to a float once. The sum of doubles is made odd where it is not exact, so that rounding it again cannot go wrong
    /// (S. Boldo, G. Melquiond, "Emulation of FMA and correctly rounded sums", 2008).
    /// </summary>
    private static float Rounded(double a, double b)
    {
        double sum = a + b, partOfB = sum - a, error = (a - (sum - partOfB)) + (b - partOfB);
        if (!double.IsFinite(sum) || error == 0) return (float)sum;
        long bits = BitConverter.DoubleToInt64Bits(sum);
        if ((bits & 1) == 0) bits += (error > 0) == (sum > 0) ? 1 : -1;
        return (float)BitConverter.Int64BitsToDouble(bits);
    }
}
