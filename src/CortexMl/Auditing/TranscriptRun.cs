using CortexMl.Diagnostics;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>Takes the results of a layer as soon as the last of them is known.</summary>
/// <param name="place">Of the layer's leaf.</param>
/// <param name="results">Valid after the call, too.</param>
public delegate void LayerObserver(int place, IReadOnlyList<Tensor<int>> results);

/// <summary>
/// Runs a model so that every layer can be answered for: on the interpreter, which shows what each operation made, and whose numbers are
/// those of all engines.
/// </summary>
public static class TranscriptRun
{
    /// <param name="inputs">One tensor per input of the graph.</param>
    /// <param name="keep">Null where digests are enough: then no value outlives its layer.</param>
    /// <exception cref="DiagnosticException">
    /// CML0992: values share storage while both are needed; CML0924: no integer model; CML0106: too much memory; CML0702: inputs that do
    /// not fit.
    /// </exception>
    public static Transcript Record(Model model, IReadOnlyList<Tensor<int>> inputs, LayerObserver? keep = null)
    {
        AuditedLayer.Check(model);
        var recorder = new Recorder(model.Graph, keep);
        using var executable =
            new InterpreterEngine(new InterpreterOptions { MaxBytes = model.MaxMemory, Observe = recorder.See }).Prepare(model.Graph);
        executable.Run(inputs);
        return Transcript.Of(GraphDigest.OfContent(model.Graph), recorder.Layers);
    }

    /// <summary>Values come in the order of the layers: a layer is whole with its last result.</summary>
    private sealed class Recorder(Graph graph, LayerObserver? keep)
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
            if (keep is not null) _results.Add(Tensor.Create(tensor.Shape, (int[])tensor.Data.Clone()));
            if (_digests.Count < layer.Results.Count) return;
            keep?.Invoke(_layers.Count, [.. _results]);
            _layers.Add(new TranscriptLayer(_names[layer.Results[0]], layer.Kind, [.. _digests]));
            _digests.Clear();
            _results.Clear();
        }
    }
}
