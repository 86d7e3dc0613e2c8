using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Text;

/// <summary>
/// The tensors behind <c>random(seed)</c>: the same numbers on every machine. The generator is <see cref="SplitMix64"/>
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
        var random = new SplitMix64(seed);
        var result = Tensor.Zeros<float>(shape);
        for (int i = 0; i < result.Data.Length; i++) result.Data[i] = (float)((2 * random.NextUnit() - 1) * limit);
        return result;
    }

    /// <summary>Integers ⌊u · (2α + 1)⌋ - α, uniform in ±α(p).</summary>
    public static Tensor<int> Integers(Shape shape, int precision, long seed)
    {
        long bound = Precisions.Bound(precision);
        var random = new SplitMix64(seed);
        var result = Tensor.Zeros<int>(shape);
        for (int i = 0; i < result.Data.Length; i++) result.Data[i] = (int)((long)(random.NextUnit() * (2 * bound + 1)) - bound);
        return result;
    }
}
