using CortexMl.Engines.Float;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace CortexMl.Engines.OnnxInteger;

/// <summary>A graph on ONNX Runtime, in tensors of int32.</summary>
internal sealed class OnnxIntegerExecutable : IExecutable
{
    private readonly Graph _graph;
    private readonly ExactModel _model;
    private readonly IReadOnlyList<Value> _observed;
    private readonly Action<Value, Tensor<int>>? _observe;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    /// <summary>The distinct names of outputs and observed values.</summary>
    private readonly List<string> _names;

    public OnnxIntegerExecutable(Graph graph, ExactModel model, IReadOnlyList<Value> observed, OnnxIntegerOptions options)
    {
        (_graph, _model, _observed, _observe) = (graph, model, observed, options.Observe);
        _names = [.. model.Outputs.Concat(model.Observed).Distinct(StringComparer.Ordinal)];
        _session = RuntimeSession.Open(model.Bytes, new FloatOptions(Optimise: true, options.Threads) { Spins = false });
    }

    public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
    {
        InterpreterExecutable.CheckInputs(_graph, inputs);
        var given = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                given.Add(OrtValue.CreateTensorValueFromMemory(input.Data, [.. input.Shape.Select(d => (long)d)]));
            SignalStack.Enlarge();
            using var results = _session.Run(_run, _model.Inputs, given, _names);
            return Read(results);
        }
        catch (OnnxRuntimeException error)
        {
            throw RuntimeSession.Failed(error);
        }
        finally
        {
            foreach (var value in given) value.Dispose();
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private Tensor<int>[] Read(IReadOnlyList<OrtValue> results)
    {
        var places = _names.Index().ToDictionary(name => name.Item, name => name.Index, StringComparer.Ordinal);
        Tensor<int> Of(string name, Value value) =>
            Tensor.Create(value.Type.Shape, results[places[name]].GetTensorDataAsSpan<int>().ToArray());
        foreach (var (value, name) in _observed.Zip(_model.Observed)) _observe?.Invoke(value, Of(name, value));
        return [.. _graph.Outputs.Zip(_model.Outputs, (value, name) => Of(name, value))];
    }
}
