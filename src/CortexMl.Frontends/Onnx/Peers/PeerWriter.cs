using CortexMl.Analysis;
using CortexMl.Frontends.Onnx.Export;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>
/// The peer being written: which tensor stands for which value, and conversions between 8 bits and float where an operator wants the
/// other.
/// </summary>
internal sealed class PeerWriter
{
    private readonly OnnxProto _proto;
    private readonly Names _names;
    private readonly Intervals _intervals;
    private readonly Dictionary<Value, PeerTensor> _tensors = [], _int8 = [], _real = [];
    private readonly HashSet<Operation> _done = [];

    public PeerWriter(Graph graph, PeerKind kind)
    {
        (Kind, _proto, _names, _intervals) = (kind, new OnnxProto(graph.Name), Names.Of(graph), Intervals.Of(graph));
        foreach (var input in graph.Inputs)
        {
            var tensor = _tensors[input] = new PeerTensor(_proto.Free(_names[input]), 1, null);
            _proto.Input(tensor.Name, input.Type.Shape);
        }
    }

    public PeerKind Kind { get; }

    public PeerTensor this[Value value] =>
        value.IsConstant && !_tensors.ContainsKey(value) ? _tensors[value] = ConstantTensor(value) : _tensors[value];

    public bool IsDone(Operation operation) => _done.Contains(operation);

    /// <summary>The tensor that stands for a result; operations that were fused into it are done.</summary>
    public void Define(Value value, PeerTensor tensor, IReadOnlyList<Operation>? fused = null)
    {
        _tensors[value] = tensor;
        _done.UnionWith(fused ?? []);
    }

    /// <summary>A name for a result or for a step on the way to it.</summary>
    public string Fresh(Value value) => _proto.Free(_names[value]);

    /// <summary>The 8-bit tensor in which a result is kept.</summary>
    public PeerTensor FreshInt8(Value value) => PeerTensor.Int8(Fresh(value), _intervals[value].All);

    /// <summary>Whether values below zero of the first one cannot be found in the second, which was made of it.</summary>
    public bool IsRectified(Value before, Value after) => _intervals[before].All.Lo < 0 && _intervals[after].All.Lo >= 0;

    /// <summary>Whether an operation changes its data by clamping, at the limits that are returned.</summary>
    public Interval? Clamp(Value data, double factor, Value result)
    {
        var (from, to) = (_intervals[data].All, _intervals[result].All);
        return to.Lo > (from.Lo * factor) + 1 || to.Hi < (from.Hi * factor) - 1 ? to : null;
    }

    /// <summary>A node whose only output is the returned name.</summary>
    public string Node(
        Value near, string type, IReadOnlyList<string> inputs, IReadOnlyList<AttributeProto>? attributes = null, string domain = "")
    {
        string output = Fresh(near);
        _proto.Node(type, inputs, output, attributes ?? [], domain);
        return output;
    }

    public void Node(
        string output, string type, IReadOnlyList<string> inputs, IReadOnlyList<AttributeProto>? attributes = null, string domain = "") =>
        _proto.Node(type, inputs, output, attributes ?? [], domain);

    public string Constant<T>(Value near, Shape shape, params ReadOnlySpan<T> values) where T : unmanaged =>
        _proto.Constant(_names[near] + ".constant", shape, values);

    public string Scalar<T>(Value near, T value) where T : unmanaged => Constant(near, Shape.Scalar, value);

    /// <summary>Scale and zero point of an 8-bit tensor, as operands.</summary>
    public string[] Quantization(Value near, PeerTensor tensor, double factor = 1) =>
        [Scalar(near, (float)(tensor.Scale * factor)), Scalar(near, tensor.Zero!.Value)];

    /// <summary>The value in 8 bits.</summary>
    public PeerTensor Int8(Value value)
    {
        if (this[value].IsInt8) return this[value];
        if (_int8.TryGetValue(value, out var known)) return known;
        var tensor = _int8[value] = FreshInt8(value);
        Node(tensor.Name, "QuantizeLinear", [this[value].Name, .. Quantization(value, tensor, 1 / this[value].Scale)]);
        return tensor;
    }

    /// <summary>The value as a float tensor, which may still have a scale.</summary>
    public PeerTensor Real(Value value)
    {
        if (!this[value].IsInt8) return this[value];
        if (_real.TryGetValue(value, out var known)) return known;
        return _real[value] = new(Node(value, "DequantizeLinear", [this[value].Name, .. Quantization(value, this[value])]), 1, null);
    }

    /// <summary>The value as a float tensor whose elements are the integers.</summary>
    public string Plain(Value value)
    {
        var real = Real(value);
        return real.Scale == 1 ? real.Name : Node(value, "Mul", [real.Name, Scalar(value, (float)real.Scale)]);
    }

    public string Output(Value value)
    {
        string name = Plain(value);
        if (value.IsInput || value.IsConstant || value.Uses.Count(u => u.IsGraphOutput) > 1) name = Node(value, "Identity", [name]);
        _proto.Output(name, value.Type.Shape);
        return name;
    }

    public byte[] ToBytes() => _proto.ToBytes();

    private PeerTensor ConstantTensor(Value value) =>
        new(Constant(value, value.Type.Shape, value.Constant!.Tensor.ToFloat().Data), 1, null);
}

/// <summary>What stands for an integer value in the peer: integer ≈ scale · (element - zero point).</summary>
/// <param name="Zero">Of an 8-bit tensor; null for a float one, which has no zero point.</param>
internal sealed record PeerTensor(string Name, double Scale, byte? Zero)
{
    private const byte Middle = 128;

    /// <summary>Bits that the magnitude of an element may take.</summary>
    private const int Bits = 7;

    public bool IsInt8 => Zero is not null;

    /// <summary>
    /// An 8-bit tensor for values of this range. Values that are never negative use 0 to 127 only, as ours do: pairs of such products
    /// cannot saturate the 16-bit sums that ONNX Runtime uses where the machine has no VNNI. A clamp becomes the saturation of the
    /// element, which may be up to twice as wide.
    /// </summary>
    public static PeerTensor Int8(string name, Interval range) =>
        new(name, Math.ScaleB(1, Math.Max(0, Precisions.Bits(range.Magnitude) - Bits)), range.Lo < 0 ? Middle : (byte)0);
}
