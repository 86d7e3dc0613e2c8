using CortexMl.Tensors;

namespace CortexMl.Data.Sources;

/// <summary>The same for every sample: a state before anything was heard.</summary>
/// <param name="state">Of the shape of the input.</param>
internal sealed class RepeatedSource(Tensor state, int count) : IRawSource
{
    public string Description => "the state at the start";

    public int Count => count;

    public IEnumerable<RawSample> Read() => Read(0, count);

    public IEnumerable<RawSample> Read(int first, int count) =>
        Enumerable.Range(first, count).Select(i => new RawSample(state, null, $"{i}"));
}
