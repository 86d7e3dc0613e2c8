using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>
/// Seeded random inputs, uniform in [-1, 1): for trying a network out without data. The numbers are the same on every machine.
/// </summary>
/// <param name="inputs">Shapes of the graph inputs.</param>
public sealed class RandomSamples(IReadOnlyList<Shape> inputs, int count, long seed = 1) : ISampleSource
{
    public string Description => string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(count, "random input")}, seed {seed}");

    public int Count => count;

    public IEnumerable<Sample> Read()
    {
        var random = new SplitMix64(seed);
        for (int i = 0; i < count; i++)
            yield return new([.. inputs.Select(shape => Tensor.Create(shape, Uniform(ref random, (int)shape.Count)))], null,
                string.Create(CultureInfo.InvariantCulture, $"random input {i}"));
    }

    private static float[] Uniform(ref SplitMix64 random, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (int)(random.Next() >> 40) / (float)(1 << 23) - 1;
        return values;
    }
}
