using System.Globalization;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Survey.Networks;

/// <summary>
/// Seeded numbers: of the normal distribution N(0, 1), bytes as whole numbers, or eight normal ones and then an MNIST digit; the same on
/// every machine but for the last bits of a logarithm.
/// </summary>
/// <param name="inputs">Shapes of the network's inputs.</param>
/// <param name="seed">Different ones give different samples.</param>
/// <param name="digits">Images that end the vector; null for none.</param>
internal sealed class NoiseSamples(IReadOnlyList<Shape> inputs, int count, long seed, DataKind kind, DataOptions? digits) : ISampleSource
{
    private const int Ahead = 8;

    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(count, "random input")}, N(0, 1), seed {seed}");

    public int Count => count;

    public IEnumerable<Sample> Read()
    {
        var random = new SplitMix64(seed);
        var images = Digits();
        for (int i = 0; i < count; i++)
        {
            var numbers = inputs.Select(shape => Tensor.Create(shape, Fill(ref random, (int)shape.Count))).ToArray();
            if (images is not null) images[i].Data.CopyTo(numbers[0].Data.AsSpan(Ahead));
            yield return new(numbers, null, string.Create(CultureInfo.InvariantCulture, $"random input {i}"));
        }
    }

    private float[] Fill(ref SplitMix64 random, int length)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++) values[i] = kind == DataKind.Bytes ? random.Next() >> 56 : Normal(ref random);
        return values;
    }

    // Box and Muller: √(-2 ln u) · cos(2πv)
    private static float Normal(ref SplitMix64 random)
    {
        double radius = Math.Sqrt(-2 * PortableMath.Log(1 - random.NextUnit()));
        return (float)(radius * Math.Cos(2 * Math.PI * random.NextUnit()));
    }

    /// <summary>Of the data as many as there are samples: from the seed on, so that two sets have different ones.</summary>
    private List<Tensor<float>>? Digits() => digits is null ? null
        : [.. SampleSource.Open(digits, [("digit", Shape.Of(1, 784))]).Read().Skip((int)seed * count).Take(count).Select(s => s.Inputs[0])];
}
