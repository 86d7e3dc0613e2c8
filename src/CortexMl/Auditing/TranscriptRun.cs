using CortexMl.Diagnostics;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>A run with all that it made.</summary>
/// <param name="Values">The results of each layer, by its place.</param>
public sealed record RecordedRun(Transcript Transcript, IReadOnlyList<IReadOnlyList<Tensor<int>>> Values);

/// <summary>
/// Runs a model so that every layer can be answered for: on the interpreter, which shows what each operation made, and whose numbers are
/// those of all engines.
/// </summary>
public static class TranscriptRun
{
    /// <summary>Digests alone: no value outlives its layer.</summary>
    /// <param name="inputs">One tensor per input of the graph.</param>
    /// <param name="cancellation">Ends it: looked at before each layer.</param>
    /// <exception cref="DiagnosticException">
    /// CML0992: values share storage while both are needed; CML0924: no integer model; CML0106: too much memory; CML0702: inputs that do
    /// not fit.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public static Transcript Record(Model model, IReadOnlyList<Tensor<int>> inputs, CancellationToken cancellation = default) =>
        Run(model, inputs, null, cancellation);

    /// <summary>Digests, and the values behind them.</summary>
    /// <inheritdoc cref="Record"/>
    public static RecordedRun RecordValues(Model model, IReadOnlyList<Tensor<int>> inputs, CancellationToken cancellation = default)
    {
        var values = new List<IReadOnlyList<Tensor<int>>>();
        return new(Run(model, inputs, values, cancellation), values);
    }

    private static Transcript Run(
        Model model, IReadOnlyList<Tensor<int>> inputs, List<IReadOnlyList<Tensor<int>>>? values, CancellationToken cancellation)
    {
        AuditedLayer.Check(model);
        var recorder = new Recorder(model.Graph, values);
        var options = new InterpreterOptions { MaxBytes = model.MaxMemory, Observe = recorder.See, Cancellation = cancellation };
        using var executable = new InterpreterEngine(options).Prepare(model.Graph);
        executable.Run(inputs);
        return Transcript.Of(GraphDigest.OfContent(model.Graph), recorder.Layers);
    }

    /// <summary>Values come in the order of the layers: a layer is whole with its last result.</summary>
    private sealed class Recorder(Graph graph, List<IReadOnlyList<Tensor<int>>>? values)
    {
        private readonly IReadOnlyList<AuditedLayer> _expected = AuditedLayer.Of(graph);
        private readonly Names _names = Names.Of(graph);
        private readonly List<string> _digests = [];
        private readonly List<Tensor<int>> _results = [];
        private readonly List<TranscriptLayer> _layers = [];

        public IReadOnlyList<TranscriptLayer> Layers => _layers;

        public void See(Value value, Tensor<int> tensor)
        {
            var layer = _expected[_layers.Count];
            _digests.Add(Convert.ToHexStringLower(AuditHash.OfTensor(tensor)));
            if (values is not null) _results.Add(Tensor.Create(tensor.Shape, (int[])tensor.Data.Clone()));
            if (_digests.Count < layer.Results.Count) return;
            values?.Add([.. _results]);
            _layers.Add(new TranscriptLayer(_names[layer.Results[0]], layer.Kind, [.. _digests]));
            _digests.Clear();
            _results.Clear();
        }
    }
}
