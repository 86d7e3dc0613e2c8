using System.Globalization;
using System.Runtime.InteropServices;
using CortexMl.Analysis;
using CortexMl.Frontends.Onnx.Export;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>
/// The model being written: every value is a tensor of int32 under its own name; beside it, made where somebody asks for it, the same
/// numbers in int64 or in bytes.
/// </summary>
internal sealed class ExactWriter
{
    private readonly OnnxProto _proto;

    /// <summary>Where nodes go: the model, or the body of a loop. Constants always stand in the model.</summary>
    private OnnxProto _nodes;

    private readonly OnnxOutputs _outputs;
    private readonly Names _given;
    private readonly Intervals _ranges;
    private readonly HashSet<Operation> _wrapping;
    private readonly Dictionary<Value, string> _names = [], _wide = [];
    private readonly Dictionary<Value, ByteTensor> _bytes = [];
    private readonly Dictionary<(DataType Type, long Number), string> _numbers = [];

    public ExactWriter(Graph graph)
    {
        (_proto, _given, _ranges) = (new OnnxProto(graph.Name), Names.Of(graph), Intervals.Of(graph));
        _nodes = _proto;
        _outputs = new OnnxOutputs(_proto, DataType.Int32);
        _wrapping = [.. _ranges.Overflows.Select(overflow => overflow.Operation)];
        Inputs = [.. graph.Inputs.Select(Input)];
        foreach (var value in graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results))
            _names[value] = _proto.Free(_given[value]);
    }

    public IReadOnlyList<string> Inputs { get; }

    /// <summary>The value's tensor of int32.</summary>
    public string this[Value value] => value.IsConstant && !_names.ContainsKey(value)
        ? _names[value] = _proto.Constant(_given[value], value.Type.Shape, value.Constant!.Integers)
        : _names[value];

    public Interval Range(Value value) => _ranges[value].All;

    /// <summary>Whether an exact result of the operation may be beyond 32 bits, so that the CVM keeps the low ones.</summary>
    public bool Wraps(Operation operation) => _wrapping.Contains(operation);

    /// <summary>The value as a tensor of int64.</summary>
    public string Wide(Value value)
    {
        if (_wide.TryGetValue(value, out string? known)) return known;
        string name = Free(this[value]);
        Node("Cast", [this[value]], name, [OnnxRow.Attribute("to", (long)DataType.Int64)]);
        return _wide[value] = name;
    }

    /// <summary>The value in bytes; its range is one that <see cref="ByteTensor.Holds"/>.</summary>
    public ByteTensor Bytes(Value value) =>
        _bytes.TryGetValue(value, out var known) ? known : _bytes[value] = MakeBytes(value, ByteTensor.ZeroOf(Range(value)));

    /// <summary>A number, as a tensor of rank 0 that all who need it share.</summary>
    public string Number(long number, DataType type)
    {
        if (_numbers.TryGetValue((type, number), out string? known)) return known;
        string near = string.Create(CultureInfo.InvariantCulture, $"{type.ToString().ToLowerInvariant()}.{number}");
        return _numbers[(type, number)] = type switch
        {
            DataType.Uint8 => _proto.Constant(near, Shape.Scalar, [checked((byte)number)]),
            DataType.Int32 => _proto.Constant(near, Shape.Scalar, [checked((int)number)]),
            _ => _proto.Constant(near, Shape.Scalar, [number]),
        };
    }

    /// <summary>A tensor of rank 1 under a free name: shapes, axes and the like in int64, operands in int32.</summary>
    public string List<T>(string near, ReadOnlySpan<T> numbers) where T : unmanaged =>
        _proto.Constant(near, Shape.Of(numbers.Length), numbers);

    public string Free(string name) => _proto.Free(name);

    public void Node(string type, IReadOnlyList<string> inputs, string output, IReadOnlyList<AttributeProto> attributes) =>
        _nodes.Node(type, inputs, output, attributes);

    public void Node(string type, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, IReadOnlyList<AttributeProto> attributes) =>
        _nodes.Node(type, inputs, outputs, attributes);

    /// <summary>The body of a Loop that carries one tensor along.</summary>
    /// <param name="near">What names in the body are like.</param>
    /// <param name="next">Writes a round from the names of its number, of rank 0, and the tensor; returns the tensor's new name.</param>
    public AttributeProto Body(string near, Shape shape, DataType type, Func<string, string, string> next)
    {
        var body = _proto.Body(near);
        string round = Free(near + ".round"), goesOn = Free(near + ".goes_on"), carried = Free(near + ".carried");
        body.Input(round, Shape.Scalar, DataType.Int64);
        body.Input(goesOn, Shape.Scalar, DataType.Bool);
        body.Input(carried, shape, type);
        _nodes = body;
        string made = next(round, carried), again = Free(goesOn);
        Node("Identity", [goesOn], again, []);
        _nodes = _proto;
        body.Output(again, Shape.Scalar, DataType.Bool);
        body.Output(made, shape, type);
        return body.AsAttribute("body");
    }

    /// <inheritdoc cref="OnnxOutputs.Return"/>
    public string Return(Value value, string wanted) => _outputs.Return(value, this[value], wanted);

    /// <inheritdoc cref="OnnxOutputs.Observe"/>
    public string Observe(Value value) => _outputs.Observe(value, this[value]);

    public byte[] ToBytes(Graph source) => _proto.ToBytes(source);

    /// <summary>The CVM clamps what it is given to the input's precision, and what is proven of the graph is proven behind that.</summary>
    private string Input(Value input)
    {
        string name = _proto.Free(_given[input]), clamped = Free(name + ".clamped");
        _proto.Input(name, input.Type.Shape, DataType.Int32);
        long bound = input.Type.Element.Bound;
        Node("Clip", [name, Number(-bound, DataType.Int32), Number(bound, DataType.Int32)], clamped, []);
        _names[input] = clamped;
        return name;
    }

    //  uint8(%x + zero)
    private ByteTensor MakeBytes(Value value, byte zero)
    {
        string mark = Number(zero, DataType.Uint8);
        if (value.Constant is { } constant)
        {
            byte[] bytes = new byte[constant.Shape.Count];
            var integers = constant.Integers;
            for (int i = 0; i < bytes.Length; i++) bytes[i] = checked((byte)(integers[i] + zero));
            return new ByteTensor(_proto.Constant<byte>(_given[value] + ".bytes", constant.Shape, bytes), mark, zero);
        }
        string moved = this[value], name = Free(this[value] + ".bytes");
        if (zero != 0) Node("Add", [this[value], Number(zero, DataType.Int32)], moved = Free(this[value] + ".moved"), []);
        Node("Cast", [moved], name, [OnnxRow.Attribute("to", (long)DataType.Uint8)]);
        return new ByteTensor(name, mark, zero);
    }
}

/// <summary>
/// A value in bytes without sign: integer = byte - zero. Both operands of a product are written so, never as signed bytes: where a
/// processor only has a sum of two products in 16 bits, of unsigned with signed bytes, ONNX Runtime uses that, and it saturates.
/// </summary>
/// <param name="Name">The tensor of uint8.</param>
/// <param name="ZeroPoint">The tensor that holds the zero.</param>
internal sealed record ByteTensor(string Name, string ZeroPoint, byte Zero)
{
    private const byte Middle = 128;

    /// <summary>Whether bytes hold every value of the range, with or without sign.</summary>
    public static bool Holds(Interval range) =>
        range.IsWithin(byte.MinValue, byte.MaxValue) || range.IsWithin(sbyte.MinValue, sbyte.MaxValue);

    public static byte ZeroOf(Interval range) => range.Lo < 0 ? Middle : (byte)0;
}
