using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>The outputs of a model being written. ONNX wants results, each once: anything else is returned through an Identity.</summary>
/// <param name="type">Of all outputs.</param>
internal sealed class OnnxOutputs(OnnxProto proto, TensorProto.Types.DataType type)
{
    private readonly Dictionary<Value, string> _exposed = [];

    /// <summary>Makes the value the next output of the graph.</summary>
    /// <param name="name">The tensor that stands for the value.</param>
    /// <param name="wanted">What the network calls this output.</param>
    /// <returns>The output's name: the wanted one, or the first like it that is free.</returns>
    public string Return(Value value, string name, string wanted)
    {
        bool isDirect = value is { IsInput: false, IsConstant: false } && wanted == name && !_exposed.ContainsKey(value);
        string output = isDirect ? wanted : proto.Free(wanted);
        if (!isDirect) proto.Node("Identity", [name], output, []);
        proto.Output(output, value.Type.Shape, type);
        _exposed.TryAdd(value, output);
        return output;
    }

    /// <summary>Makes the value an output unless it is one.</summary>
    /// <inheritdoc cref="Return"/>
    public string Observe(Value value, string name) => _exposed.TryGetValue(value, out string? output) ? output : Return(value, name, name);
}
