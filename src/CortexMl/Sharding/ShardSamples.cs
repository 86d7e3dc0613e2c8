using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Passes;

namespace CortexMl.Sharding;

/// <summary>The samples of a shard; what they are called and how they are prepared is told of all.</summary>
internal sealed class ShardSamples(ISampleSource all, SampleRange range) : ISampleSource
{
    public string Description => all.Description;

    public string Preparation => all.Preparation;

    public string Observed => all.Observed;

    public int Count => range.Count;

    public int First => range.First;

    /// <summary>What the samples that were read looked like, input by input; empty where nobody looked.</summary>
    public IReadOnlyList<InputFacts> Facts => range.Count > 0 && all is SampleSource stored ? stored.Facts : [];

    public IEnumerable<Sample> Read() =>
        all is SampleSource stored ? stored.Read(range.First, range.Count) : all.Read().Skip(range.First).Take(range.Count);

    public Sample ReadOne(int index) => all.ReadOne(index);

    public IEnumerable<Sample> Read(IReadOnlyList<int> indices) => all.Read(indices);
}
