namespace CortexMl.Tests.Engines.Float;

/// <summary>Numbers with which sums are hard to get right, and how they are compared.</summary>
internal static class FloatNumbers
{
    private static readonly float[] s_odd =
    [
        0, -0f, float.Epsilon, -3 * float.Epsilon, 1.1754942e-38f, 1e-30f, -1e-20f, 1, -1, 16777217, 1e20f, -3e38f, float.MaxValue,
        float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    /// <summary>From -1 to 1: sums whose order can be seen.</summary>
    public static float[] Usual(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];

    /// <summary>The same, and now and then zeros of both signs, what is too small to be normal, too large, infinite or no number.</summary>
    public static float[] Odd(Random random, int count)
    {
        float[] numbers = Usual(random, count);
        for (int i = 0; i < count; i++)
        {
            if (random.Next(12) == 0) numbers[i] = s_odd[random.Next(s_odd.Length)];
            else if (random.Next(12) == 0) numbers[i] = MathF.ScaleB(numbers[i], random.Next(-150, 120));
        }
        return numbers;
    }

    /// <summary>NaN is NaN, whatever its bits; +0 and -0 differ.</summary>
    public static int[] Bits(IEnumerable<float> numbers) =>
        [.. numbers.Select(x => BitConverter.SingleToInt32Bits(float.IsNaN(x) ? float.NaN : x))];
}
