using System.Globalization;
using CortexMl.Diagnostics;
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
        ulong state = (ulong)seed;
        for (int i = 0; i < count; i++)
            yield return new([.. inputs.Select(shape => Tensor.Create(shape, Uniform(ref state, (int)shape.Count)))], null,
                string.Create(CultureInfo.InvariantCulture, $"random input {i}"));
    }

    private static float[] Uniform(ref ulong state, int count)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = (int)(Next(ref state) >> 40) / (float)(1 << 23) - 1;
        return values;
    }

    /// <summary>SplitMix64. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.</summary>
    private static ulong Next(ref ulong state)
    {
        ulong z = state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }
}
