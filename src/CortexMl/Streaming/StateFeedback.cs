using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Streaming;

/// <summary>Where the states of a network stand among its inputs and outputs.</summary>
internal sealed class StateFeedback(IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<StatePair> states)
{
    private readonly int[] _inputs = [.. states.Select(s => inputs.ToList().IndexOf(s.Input))];

    /// <summary>Of each state the output that leaves it.</summary>
    public IReadOnlyList<int> Outputs { get; } = [.. states.Select(s => outputs.ToList().IndexOf(s.Output))];

    /// <summary>A sample with these states, in the order of <see cref="Outputs"/>, in place of its own.</summary>
    public Sample With(Sample sample, IReadOnlyList<Tensor<float>> left)
    {
        var given = sample.Inputs.ToArray();
        foreach (var (k, input) in _inputs.Index()) given[input] = left[k].Reshape(given[input].Shape);
        return sample with { Inputs = given };
    }
}
