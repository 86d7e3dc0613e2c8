using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Text;

/// <summary>
/// The tensors behind <c>random(seed)</c>: the same numbers on every machine. The generator is SplitMix64 (Steele, Lea, Flood 2014)
/// started at the seed; a draw is its upper 53 bits as u in [0, 1), one draw per element in row-major order.
/// </summary>
public static class RandomTensor
{
    /// <summary>
    /// Floats (2u - 1) · limit, uniform in ±limit with limit = √(3 / fan-in), which keeps the variance of a layer's output that of its
    /// input; fan-in is the product of all dimensions but the first. Rank 0 and 1 (biases): limit = 0.1.
    /// </summary>
    public static Tensor<float> Floats(Shape shape, long seed)
    {
        double fanIn = shape.Skip(1).Aggregate(1.0, (product, dim) => product * dim);
        double limit = shape.Rank <= 1 ? 0.1 : Math.Sqrt(3 / fanIn);
        ulong state = (ulong)seed;
        var result = Tensor.Zeros<float>(shape);
        for (int i = 0; i < result.Data.Length; i++) result.Data[i] = (float)((2 * Next(ref state) - 1) * limit);
        return result;
    }

    /// <summary>Integers ⌊u · (2α + 1)⌋ - α, uniform in ±α(p).</summary>
    public static Tensor<int> Integers(Shape shape, int precision, long seed)
    {
        long bound = Precisions.Bound(precision);
        ulong state = (ulong)seed;
        var result = Tensor.Zeros<int>(shape);
        for (int i = 0; i < result.Data.Length; i++) result.Data[i] = (int)((long)(Next(ref state) * (2 * bound + 1)) - bound);
        return result;
    }

    private static double Next(ref ulong state)
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1L << 53));
    }
}
