using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Streaming;

/// <summary>
/// The samples of a recording with the states that the float network itself has left by then, so that calibration sees what states are
/// like, not their start.
/// </summary>
internal sealed class StreamedSamples : ISampleSource
{
    /// <summary>Bytes of states that are remembered, evenly spread, so that a sample can be had without all before it.</summary>
    private const long Remembered = 64L << 20;

    private readonly ISampleSource _samples;
    private readonly Graph _graph;
    private readonly IFloatEvaluator _evaluator;
    private readonly StateFeedback _feedback;
    private readonly SortedDictionary<int, IReadOnlyList<Tensor<float>>> _left = [];

    private StreamedSamples(ISampleSource samples, Model model, IFloatEvaluator evaluator)
    {
        (_samples, _graph, _evaluator) = (samples, model.Graph, evaluator);
        _feedback = new StateFeedback([.. model.Inputs.Select(i => i.Name)], [.. model.Outputs.Select(o => o.Name)], samples.States);
    }

    public string Description => _samples.Description;

    public string Preparation => _samples.Preparation;

    public string Observed => _samples.Observed;

    public IReadOnlyList<StatePair> States => _samples.States;

    public int Count => _samples.Count;

    /// <summary>Samples of a stream with the states of a float network as it was loaded; others as they are.</summary>
    public static ISampleSource Over(ISampleSource samples, Model model, IFloatEvaluator evaluator) =>
        samples.States.Count == 0 ? samples : new StreamedSamples(samples, model, evaluator);

    public IEnumerable<Sample> Read() => From(0);

    public Sample ReadOne(int index)
    {
        int start = _left.Keys.LastOrDefault(known => known <= index);
        return From(start).ElementAt(index - start);
    }

    /// <summary>The samples from one on whose states are remembered; the first has its own.</summary>
    private IEnumerable<Sample> From(int start)
    {
        using var session = _evaluator.Prepare(_graph, [.. _feedback.Outputs.Select(o => _graph.Outputs[o])]);
        var left = _left.GetValueOrDefault(start);
        int index = start;
        foreach (var stored in _samples.Read().Skip(start))
        {
            var sample = left is null ? stored : _feedback.With(stored, left);
            yield return sample;
            if (++index == Count) yield break;
            left = session.Run(sample.Inputs);
            long bytes = left.Sum(state => (long)state.Length * sizeof(float));
            if (index % Math.Max(1, Count * bytes / Remembered) == 0) _left.TryAdd(index, left);
        }
    }
}
