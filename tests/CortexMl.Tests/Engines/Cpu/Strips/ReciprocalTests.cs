using CortexMl.Engines.Cpu.Strips;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Strips;

public sealed class ReciprocalTests
{
    private static readonly int[] s_edges =
    [
        int.MinValue, int.MinValue + 1, int.MaxValue, int.MaxValue - 1, 0, 1, -1, 2, -2, 3, -3, 5, 7, 10, 641, 1 << 16, (1 << 16) + 1,
        1 << 30, -(1 << 30), (1 << 30) + 1, (1 << 30) - 1,
    ];

    [Fact]
    public void Quotients_of_edges() => Assert.All(s_edges, divisor => Check(s_edges, divisor));

    /// <summary>Where a reciprocal that is a little too small or too large is found out.</summary>
    [Fact]
    public void Quotients_next_to_multiples() => Gen.Select(Gen.Int, Gen.Int[0, 30], Gen.Int.Array[20]).Sample((any, shift, numbers) =>
    {
        int divisor = any >> shift;
        if (divisor is 0 or -1) return;
        Check([.. numbers.SelectMany(n => new[] { n - (n % divisor), unchecked(n - (n % divisor) - 1), unchecked(n - (n % divisor) + 1) })],
            divisor);
    }, iter: 20_000);

    [Fact]
    public void Quotients_of_anything() => Gen.Select(Gen.Int.Array[24], Gen.Int, Gen.Int[0, 31]).Sample(
        (numbers, any, shift) => Check(numbers, any >> shift), iter: 20_000);

    private static void Check(int[] numbers, int divisor)
    {
        int[] divisors = new int[numbers.Length], quotients = new int[numbers.Length];
        Array.Fill(divisors, divisor);
        new DivisionStrip().Run(new StripOperands(numbers, divisors, []), quotients);
        for (int i = 0; i < numbers.Length; i++)
        {
            long expected = divisor == 0 ? 0 : numbers[i] / (long)divisor;
            Assert.True(quotients[i] == unchecked((int)expected), $"{numbers[i]} / {divisor} = {expected}, not {quotients[i]}");
        }
    }
}
