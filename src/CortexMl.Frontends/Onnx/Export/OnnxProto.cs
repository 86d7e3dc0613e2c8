using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tensors;
using Google.Protobuf;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>A GraphProto being written: nodes, constants, and names that are taken.</summary>
/// <param name="taken">Of the graph around this one, if it is the body of a loop; null for a model.</param>
internal sealed class OnnxProto(string name, HashSet<string>? taken = null)
{
    private const long IrVersion = 8, Opset = 17, MicrosoftOpset = 1;

    /// <summary>ONNX Runtime's own operators.</summary>
    public const string Microsoft = "com.microsoft";

    private readonly HashSet<string> _taken = taken ?? new(StringComparer.Ordinal);
    private readonly GraphProto _graph = new() { Name = name };

    /// <summary>The body of a loop: a graph that may use the names of this one. No name stands in both.</summary>
    public OnnxProto Body(string name) => new(name, _taken);

    /// <summary>This graph as an attribute of the operator whose body it is.</summary>
    public AttributeProto AsAttribute(string name) =>
        new() { Name = name, G = _graph, Type = AttributeProto.Types.AttributeType.Graph };

    /// <summary>The name, or with the first suffix <c>.1</c>, <c>.2</c>, … that is free; ONNX takes an empty name for none.</summary>
    public string Free(string name)
    {
        if (name.Length == 0) name = "unnamed";
        string free = name;
        for (int suffix = 1; !_taken.Add(free); suffix++) free = string.Create(CultureInfo.InvariantCulture, $"{name}.{suffix}");
        return free;
    }

    public void Input(string name, Shape shape, DataType type = DataType.Float) => _graph.Input.Add(Info(name, shape, type));

    public void Output(string name, Shape shape, DataType type = DataType.Float) => _graph.Output.Add(Info(name, shape, type));

    /// <param name="domain">Empty for ONNX's own operators.</param>
    public void Node(
        string type, IReadOnlyList<string> inputs, string output, IReadOnlyList<AttributeProto> attributes, string domain = "") =>
        Node(type, inputs, [output], attributes, domain);

    /// <summary>A node of several outputs.</summary>
    /// <inheritdoc cref="Node(string, IReadOnlyList{string}, string, IReadOnlyList{AttributeProto}, string)"/>
    public void Node(
        string type, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<AttributeProto> attributes,
        string domain = "")
    {
        var node = new NodeProto { Name = outputs[0], OpType = type, Domain = domain };
        node.Input.Add(inputs);
        node.Output.Add(outputs);
        node.Attribute.Add(attributes);
        _graph.Node.Add(node);
    }

    /// <summary>
    /// A constant under a free name like the given one, which is returned. The element type is that of <typeparamref name="T"/>.
    /// </summary>
    public string Constant<T>(string near, Shape shape, ReadOnlySpan<T> values) where T : unmanaged =>
        Constant(near, TypeOf<T>(), shape, MemoryMarshal.AsBytes(values));

    public string Constant(string near, DataType type, Shape shape, ReadOnlySpan<byte> bytes) =>
        Constant(near, type, shape, ByteString.CopyFrom(bytes));

    /// <summary>Without a copy of the elements, which must stay as they are until the file is made.</summary>
    public string Constant(string near, Tensor<float> tensor) =>
        Constant(near, DataType.Float, tensor.Shape, UnsafeByteOperations.UnsafeWrap(new FloatBytes(tensor.Data).Memory));

    private string Constant(string near, DataType type, Shape shape, ByteString bytes)
    {
        var tensor = new TensorProto { Name = Free(near), DataType = (int)type, RawData = bytes };
        tensor.Dims.Add(shape.Select(d => (long)d));
        _graph.Initializer.Add(tensor);
        return tensor.Name;
    }

    /// <summary>The file: a serialised ModelProto.</summary>
    /// <param name="source">Whose description the file carries on.</param>
    public byte[] ToBytes(Graph? source = null)
    {
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "CortexMl", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        if (_graph.Node.Any(n => n.Domain == Microsoft))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = MicrosoftOpset });
        if (source is not null) Metadata.Write(source, model);
        return model.ToByteArray();
    }

    private static DataType TypeOf<T>() => Type.GetTypeCode(typeof(T)) switch
    {
        TypeCode.Single => DataType.Float,
        TypeCode.Byte => DataType.Uint8,
        TypeCode.SByte => DataType.Int8,
        TypeCode.Int32 => DataType.Int32,
        TypeCode.Int64 => DataType.Int64,
        _ => throw new ArgumentException($"{typeof(T)} is no element type"),
    };

    private static ValueInfoProto Info(string name, Shape shape, DataType element)
    {
        var dims = new TensorShapeProto();
        dims.Dim.Add(shape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        var type = new TypeProto.Types.Tensor { ElemType = (int)element, Shape = dims };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = type } };
    }
}

/// <summary>An array of floats seen as bytes, so that writing a large constant needs no copy of it. The array is never written.</summary>
internal sealed class FloatBytes(float[] data) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(data.AsSpan());

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("the bytes are read through spans");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
