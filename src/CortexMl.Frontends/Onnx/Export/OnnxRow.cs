using System.Collections.Frozen;
using System.Collections.Immutable;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;
using Google.Protobuf;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>One operation being written: its operands by name, and nodes whose last one makes its result.</summary>
internal sealed class OnnxRow(OnnxGraphWriter graph, Operation operation)
{
    /// <summary>Attributes with defaults, and operand shapes.</summary>
    public IOperation Op { get; } = operation;

    public Shape ResultShape => operation.Result.Type.Shape;

    /// <summary>The names of all operands.</summary>
    public string[] Operands => [.. operation.Operands.Select(graph.NameOf)];

    private string Result => graph.NameOf(operation.Result);

    public string Operand(int index) => graph.NameOf(operation.Operands[index]);

    /// <summary>The node whose output is the operation's result.</summary>
    public void Emit(string type, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes) =>
        graph.Node(type, inputs, Result, attributes);

    /// <summary>A node on the way there; its output has a fresh name, which is returned.</summary>
    public string Step(string type, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes)
    {
        string output = graph.Free(Result);
        graph.Node(type, inputs, output, attributes);
        return output;
    }

    /// <summary>A node of several outputs, whose fresh names are returned.</summary>
    public string[] Steps(string type, IReadOnlyList<string> inputs, int outputs, params IReadOnlyList<AttributeProto> attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => graph.Free(Result))];
        graph.Node(type, inputs, names, attributes);
        return names;
    }

    public string Ints(params ReadOnlySpan<long> values) => graph.Ints(Result, values);

    public string Int(long value) => graph.Int(Result, value);

    public string Float(double value) => graph.Floats(Result, Shape.Scalar, [(float)value]);

    public string Floats(params ReadOnlySpan<float> values) => graph.Floats(Result, Shape.Of(values.Length), values);

    public string Floats(Shape shape, ReadOnlySpan<float> values) => graph.Floats(Result, shape, values);

    /// <summary>The shape as an int64 tensor, for Reshape and Expand.</summary>
    public string Dims(Shape shape) => Ints([.. shape.Select(d => (long)d)]);

    /// <summary>The attributes that Conv and the pools share.</summary>
    public static AttributeProto[] WindowAttributes(SlidingWindow window) =>
    [
        Attribute("kernel_shape", [.. window.Kernel]), Attribute("pads", [.. window.Padding]), Attribute("strides", [.. window.Strides]),
    ];

    public static AttributeProto Attribute(string name, long value) =>
        new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    public static AttributeProto Attribute(string name, double value) =>
        new() { Name = name, F = (float)value, Type = AttributeProto.Types.AttributeType.Float };

    public static AttributeProto Attribute(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    public static AttributeProto Attribute(string name, params ImmutableArray<long> values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        attribute.Ints.Add(values);
        return attribute;
    }
}

/// <summary>How each float row is written, collected from one class for each family.</summary>
internal static class OnnxRows
{
    public static FrozenDictionary<OpSpec, Action<OnnxRow>> All { get; } = new[]
    {
        ConvRows.All, UnaryRows.All, BinaryRows.All, PoolRows.All, ReduceRows.All, ShapeRows.All, LookupRows.All, NormRows.All,
        DetectionRows.All,
    }.SelectMany(family => family).ToFrozenDictionary();
}
