using System.Globalization;
using System.Runtime.InteropServices;
using CortexMl.Analysis;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tensors;
using Google.Protobuf;

namespace CortexMl.Frontends.Onnx;

/// <summary>
/// The GraphProto being written and the names in it. Values keep their names; constants, which have a name space of their own in our graphs, and
/// helper values take the first free name.
/// </summary>
internal sealed class OnnxGraphWriter
{
    private readonly Dictionary<Value, string> _names = [];
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<Value, string> _exposed = [];

    public OnnxGraphWriter(Graph graph)
    {
        Proto = new GraphProto { Name = graph.Name };
        var names = Names.Of(graph);
        foreach (var value in graph.Inputs.Concat(graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)))
            _names[value] = Free(names[value]);
        foreach (var constant in graph.Constants)
        {
            string name = _names[constant.Result] = Free(names[constant.Result]);
            Initializer(name, TensorProto.Types.DataType.Float, constant.Constant!.Tensor.Shape, constant.Constant.Tensor.Bytes);
        }
        foreach (var input in graph.Inputs) Proto.Input.Add(Info(_names[input], input.Type.Shape));
    }

    public GraphProto Proto { get; }

    public string NameOf(Value value) => _names[value];

    /// <summary>The name, or with the first suffix <c>.1</c>, <c>.2</c>, … that is free.</summary>
    public string Free(string name)
    {
        string free = name;
        for (int suffix = 1; !_taken.Add(free); suffix++) free = string.Create(CultureInfo.InvariantCulture, $"{name}.{suffix}");
        return free;
    }

    public void Node(string type, IReadOnlyList<string> inputs, string output, IReadOnlyList<AttributeProto> attributes)
    {
        var node = new NodeProto { Name = output, OpType = type };
        node.Input.Add(inputs);
        node.Output.Add(output);
        node.Attribute.Add(attributes);
        Proto.Node.Add(node);
    }

    /// <summary>A rank-1 int64 tensor under a free name.</summary>
    public string Ints(string near, ReadOnlySpan<long> values) =>
        Initializer(Free(near), TensorProto.Types.DataType.Int64, Shape.Of(values.Length), MemoryMarshal.AsBytes(values));

    /// <summary>A rank-0 int64 tensor under a free name.</summary>
    public string Int(string near, long value) =>
        Initializer(Free(near), TensorProto.Types.DataType.Int64, Shape.Scalar, MemoryMarshal.AsBytes([value]));

    /// <summary>A float tensor under a free name.</summary>
    public string Floats(string near, Shape shape, ReadOnlySpan<float> values) =>
        Initializer(Free(near), TensorProto.Types.DataType.Float, shape, MemoryMarshal.AsBytes(values));

    /// <summary>Makes the value the next output of the graph. ONNX wants results, each once: anything else is returned through an Identity.</summary>
    public string Return(Value value)
    {
        bool direct = value is { IsInput: false, IsConstant: false } && !_exposed.ContainsKey(value);
        string name = direct ? _names[value] : Free(_names[value]);
        if (!direct) Node("Identity", [_names[value]], name, []);
        Proto.Output.Add(Info(name, value.Type.Shape));
        _exposed.TryAdd(value, name);
        return name;
    }

    /// <summary>Makes the value an output unless it is one.</summary>
    public string Observe(Value value) => _exposed.TryGetValue(value, out string? name) ? name : Return(value);

    private string Initializer(string name, TensorProto.Types.DataType type, Shape shape, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(shape.Select(d => (long)d));
        Proto.Initializer.Add(tensor);
        return name;
    }

    private static ValueInfoProto Info(string name, Shape shape)
    {
        var dims = new TensorShapeProto();
        dims.Dim.Add(shape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        var type = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.Float, Shape = dims };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }
}
