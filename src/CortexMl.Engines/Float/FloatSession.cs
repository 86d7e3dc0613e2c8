using CortexMl.Diagnostics;
using CortexMl.Tensors;
using Microsoft.ML.OnnxRuntime;

namespace CortexMl.Engines.Float;

/// <summary>A network in ONNX form, ready to run in ONNX Runtime. Every tensor is f32.</summary>
public sealed class FloatSession : IDisposable
{
    private readonly IReadOnlyList<string> _inputs;

    /// <summary>The distinct names, and for each output asked for its index among them.</summary>
    private readonly IReadOnlyList<string> _outputs;
    private readonly int[] _positions;

    private readonly InferenceSession _session;
    private readonly RunOptions _run;

    /// <param name="inputs">Names in the order in which <see cref="Run"/> takes them.</param>
    /// <param name="outputs">Names of what <see cref="Run"/> returns, in order; a name may stand there twice.</param>
    /// <exception cref="DiagnosticException">CML0750, CML0752.</exception>
    public FloatSession(byte[] onnx, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, FloatOptions options)
    {
        _inputs = inputs;
        var positions = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in outputs) positions.TryAdd(name, positions.Count);
        _outputs = [.. positions.OrderBy(p => p.Value).Select(p => p.Key)];
        _positions = [.. outputs.Select(name => positions[name])];
        _session = RuntimeSession.Open(onnx, options);
        // Not before: it needs the library, and opening a session tells that it is not there.
        _run = new();
    }

    /// <exception cref="DiagnosticException">CML0751.</exception>
    public IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs) => Run(inputs, results =>
    {
        Tensor<float>[] tensors = [.. results.Select(Read)];
        return (IReadOnlyList<Tensor<float>>)[.. _positions.Select(i => tensors[i])];
    });

    /// <summary>Shows the outputs in ONNX Runtime's own memory.</summary>
    /// <param name="observer">Takes the index of an output and its elements, which are valid during the call.</param>
    /// <exception cref="DiagnosticException">CML0751.</exception>
    public void Visit(IReadOnlyList<Tensor<float>> inputs, Action<int, ReadOnlySpan<float>> observer) => Run(inputs, results =>
    {
        for (int i = 0; i < _positions.Length; i++) observer(i, results[_positions[i]].GetTensorDataAsSpan<float>());
        return true;
    });

    private T Run<T>(IReadOnlyList<Tensor<float>> inputs, Func<IReadOnlyList<OrtValue>, T> read)
    {
        var values = new List<OrtValue>(inputs.Count);
        try
        {
            foreach (var input in inputs)
                values.Add(OrtValue.CreateTensorValueFromMemory(input.Data, [.. input.Shape.Select(d => (long)d)]));
            SignalStack.Enlarge();
            using var results = _session.Run(_run, _inputs, values, _outputs);
            return read(results);
        }
        catch (OnnxRuntimeException error)
        {
            throw RuntimeSession.Failed(error);
        }
        finally
        {
            foreach (var value in values) value.Dispose();
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private static Tensor<float> Read(OrtValue value)
    {
        int[] dims = [.. value.GetTensorTypeAndShape().Shape.Select(d => checked((int)d))];
        return Tensor.Create(Shape.Of(dims), value.GetTensorDataAsSpan<float>().ToArray());
    }
}
