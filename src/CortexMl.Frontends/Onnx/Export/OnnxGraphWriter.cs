using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>
/// A graph of the float level being written. Values keep their names; constants, which have a name space of their own in our graphs, and
/// helper values take the first free name.
/// </summary>
internal sealed class OnnxGraphWriter
{
    private readonly Dictionary<Value, string> _names = [];
    private readonly OnnxProto _proto;
    private readonly OnnxOutputs _outputs;

    public OnnxGraphWriter(Graph graph)
    {
        _proto = new OnnxProto(graph.Name);
        _outputs = new OnnxOutputs(_proto, TensorProto.Types.DataType.Float);
        var names = Names.Of(graph);
        foreach (var value in graph.Inputs.Concat(graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)))
            _names[value] = Free(names[value]);
        foreach (var constant in graph.Constants)
            _names[constant.Result] = _proto.Constant(names[constant.Result], (Tensor<float>)constant.Constant!.Tensor);
        foreach (var input in graph.Inputs) _proto.Input(_names[input], input.Type.Shape);
    }

    public string NameOf(Value value) => _names[value];

    /// <summary>From now on the input stands for (x - offset)·gain of what the file's input is given.</summary>
    public void Center(Value input, Centering centering)
    {
        string name = _names[input], moved = Free(name + ".moved"), centred = Free(name + ".centred");
        int behind = centering.Axis is { } axis ? input.Type.Shape.Rank - axis - 1 : 0;
        var shape = centering.Axis is null ? Shape.Scalar : Shape.Of([centering.Channels, .. Enumerable.Repeat(1, behind)]);
        string Numbers(string near, IEnumerable<double> numbers) => Floats($"{name}.{near}", shape, [.. numbers.Select(x => (float)x)]);
        Node("Sub", [name, Numbers("offset", centering.Offset)], moved, []);
        Node("Mul", [moved, Numbers("gain", centering.Gain)], centred, []);
        _names[input] = centred;
    }

    /// <inheritdoc cref="OnnxProto.Free"/>
    public string Free(string name) => _proto.Free(name);

    public void Node(string type, IReadOnlyList<string> inputs, string output, IReadOnlyList<AttributeProto> attributes) =>
        _proto.Node(type, inputs, output, attributes);

    public void Node(string type, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<AttributeProto> attributes) =>
        _proto.Node(type, inputs, outputs, attributes);

    /// <summary>A rank-1 int64 tensor under a free name.</summary>
    public string Ints(string near, ReadOnlySpan<long> values) => _proto.Constant(near, Shape.Of(values.Length), values);

    /// <summary>A rank-0 int64 tensor under a free name.</summary>
    public string Int(string near, long value) => _proto.Constant<long>(near, Shape.Scalar, [value]);

    /// <summary>A float tensor under a free name.</summary>
    public string Floats(string near, Shape shape, ReadOnlySpan<float> values) => _proto.Constant(near, shape, values);

    /// <inheritdoc cref="OnnxOutputs.Return"/>
    public string Return(Value value, string wanted) => _outputs.Return(value, _names[value], wanted);

    /// <inheritdoc cref="OnnxOutputs.Observe"/>
    public string Observe(Value value) => _outputs.Observe(value, _names[value]);

    public byte[] ToBytes(Graph source) => _proto.ToBytes(source);
}
