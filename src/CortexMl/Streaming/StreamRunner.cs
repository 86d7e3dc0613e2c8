using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Streaming;

/// <summary>
/// Runs a model on the samples of a recording, one behind the other: what a run leaves takes the place of the next one's states.
/// </summary>
internal sealed class StreamRunner : IModelRunner
{
    private readonly IModelRunner _runner;
    private readonly StateFeedback _feedback;
    private readonly IReadOnlyList<ModelPort> _outputs;
    private IReadOnlyList<Tensor<float>>? _left;

    /// <exception cref="DiagnosticException">CML0988: the data are integers already.</exception>
    public StreamRunner(IModelRunner runner, Model model, IReadOnlyList<StatePair> states, RunOptions options)
    {
        if (options.Integer)
            throw new DiagnosticException(LibraryCodes.States, "a stream of integers: the integers of a state are no input's",
                hint: "leave --integer out, and give real data");
        (_runner, _outputs) = (runner, model.Outputs);
        _feedback = new StateFeedback([.. model.Inputs.Select(i => i.Name)], [.. model.Outputs.Select(o => o.Name)], states);
    }

    public IReadOnlyList<Tensor> Run(Sample sample)
    {
        var outputs = _runner.Run(_left is null ? sample : _feedback.With(sample, _left));
        _left = [.. _feedback.Outputs.Select(o => Tensor.Create(outputs[o].Shape, LastSteps.OwnReals(_outputs[o], outputs[o])))];
        return outputs;
    }

    public void Dispose() => _runner.Dispose();
}
