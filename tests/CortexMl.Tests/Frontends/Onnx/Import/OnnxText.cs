using System.Runtime.InteropServices;
using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tests.Support;
using Google.Protobuf;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>ONNX models written by hand: input x, output y unless said otherwise.</summary>
internal static class OnnxText
{
    public static ModelProto Model(int opset, long[] input, params NodeProto[] nodes)
    {
        var graph = new GraphProto { Name = "g" };
        graph.Input.Add(Info("x", input));
        graph.Output.Add(Info("y", []));
        graph.Node.Add(nodes);
        var model = new ModelProto { IrVersion = 8, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = opset });
        return model;
    }

    /// <param name="dims">-1 is a dimension named N.</param>
    public static ValueInfoProto Info(string name, long[] dims, DataType type = DataType.Float)
    {
        var shape = new TensorShapeProto();
        shape.Dim.Add(
            dims.Select(d =>
            d < 0 ? new TensorShapeProto.Types.Dimension { DimParam = "N" } : new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new() { Name = name, Type = new TypeProto { TensorType = new() { ElemType = (int)type, Shape = shape } } };
    }

    /// <summary>A node <c>op(inputs) → output</c>, named as its output.</summary>
    public static NodeProto Node(string op, string inputs, string output, params AttributeProto[] attributes)
    {
        var node = new NodeProto { OpType = op, Name = output };
        node.Input.Add(inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        node.Output.Add(output.Split(' '));
        node.Attribute.Add(attributes);
        return node;
    }

    public static AttributeProto Ints(string name, params long[] values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }

    public static AttributeProto Int(string name, long value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Int, I = value };

    public static ModelProto With(this ModelProto model, params TensorProto[] constants)
    {
        model.Graph.Initializer.Add(constants);
        return model;
    }

    public static TensorProto Floats(string name, long[] dims, params float[] data) =>
        Raw(name, DataType.Float, dims, MemoryMarshal.AsBytes(data.AsSpan()));

    public static TensorProto Longs(string name, params long[] data) =>
        Raw(name, DataType.Int64, [data.Length], MemoryMarshal.AsBytes(data.AsSpan()));

    public static TensorProto Raw(string name, DataType type, long[] dims, ReadOnlySpan<byte> bytes)
    {
        var tensor = new TensorProto { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.Add(dims);
        return tensor;
    }

    public static Graph Import(
        this ModelProto model, ImportOptions? options = null, TemporaryFolder? folder = null, DiagnosticBag? notes = null)
    {
        using var own = folder is null ? new TemporaryFolder() : null;
        return OnnxImporter.Import((folder ?? own)!.Write("model.onnx", model.ToByteArray()), options, notes);
    }
}
