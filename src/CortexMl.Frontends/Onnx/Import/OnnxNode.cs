using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>What an operator's importer sees of its node: inputs, attributes, opset, and ways to emit rows or return tensors.</summary>
internal sealed class OnnxNode(NodeProto node, OnnxGraphImport import) : IRowEmitter
{
    private readonly string _name = OnnxGraphImport.NameOf(node);

    public OnnxAttributes Attributes { get; } = new(node);

    public string Name => _name;

    public int Opset => import.Opset;

    public int InputCount => node.Input.Count;

    public int OutputCount => node.Output.Count;

    /// <summary>Whether the input is given: optional ones may be left out at the end or named "".</summary>
    public bool Has(int index) => index < node.Input.Count && node.Input[index].Length > 0;

    /// <summary>Whether the node names this output.</summary>
    public bool Gives(int output) => output < node.Output.Count && node.Output[output].Length > 0;

    /// <summary>Whether this output is one of the network.</summary>
    public bool IsResult(int output) => Gives(output) && import.IsResult(node.Output[output]);

    /// <summary>Whether something may read this output.</summary>
    public bool Wants(int output) => Gives(output) && import.IsUsed(node.Output[output]);

    public Entry Input(int index = 0) => Has(index) ? import.Find(node.Input[index])
        : throw new NodeException(FrontendCodes.ModelMalformed, $"input {index} is missing");

    public Shape Shape(int index = 0) => Input(index).Shape;

    public int Rank => Shape().Rank;

    /// <summary>A real input as a value of the graph; a known tensor becomes a constant.</summary>
    public Value Data(int index = 0)
    {
        var entry = Input(index);
        return entry.Type.IsReal() && entry.Quantized is null ? import.ValueOf(entry)
            : throw Mismatch($"input {index} '{entry.Name}' holds {entry.Type} elements; only real numbers are computed at inference");
    }

    /// <summary>An input of numbers of any type, integers as whole numbers; those of a quantization are none that are at hand.</summary>
    public Value Numbers(int index = 0) => Input(index).Quantized is null ? AnyData(index) : Data(index);

    public Value[] AllNumbers() => [.. Enumerable.Range(0, InputCount).Select(Numbers)];

    /// <inheritdoc cref="WholeNumbers"/>
    public bool IsWhole(Value value) => import.Whole.Holds(value);

    /// <summary>The tensor of an input that is known at import, or null.</summary>
    public Tensor? Known(int index) => Has(index) ? Input(index).Tensor : null;

    /// <summary>The tensor of an input that must be known at import.</summary>
    public Tensor Constant(int index, string what) => Known(index)
        ?? throw new NodeException(
            FrontendCodes.UnsupportedAttribute, Has(index) ? $"{what} depends on the network's input" : $"{what} is missing",
            "it must be a constant or follow from shapes");

    public long[] Longs(int index, string what) => Constant(index, what).Longs();

    /// <summary>The only element of a constant input.</summary>
    public double Number(int index, string what)
    {
        var tensor = Constant(index, what);
        return tensor.Length == 1 ? tensor.GetDouble(0) : throw Mismatch($"{what} {tensor.Shape} is not one number");
    }

    /// <summary>The node's first result.</summary>
    public Value Emit(OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) =>
        import.Build.Op(
            row, operands, Ir.Attributes.Of(attributes), node.Output.Count > 0 ? node.Output[0] : _name, import.LocationOf(node));

    /// <summary>A result under the name of any output.</summary>
    public Value EmitAs(string name, OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) =>
        import.Build.Op(row, operands, Ir.Attributes.Of(attributes), name, import.LocationOf(node));

    /// <summary>A value on the way to the result, named <c>node.step</c>.</summary>
    public Value Step(string step, OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) =>
        import.Build.Op(row, operands, Ir.Attributes.Of(attributes), $"{_name}.{step}", import.LocationOf(node));

    public Value Scalar(double value) => Floats("scalar", Tensor.Scalar((float)value));

    /// <summary>A constant that belongs to this node.</summary>
    public Value Floats(string step, Tensor<float> tensor) =>
        import.Build.Constant($"{_name}.{step}", tensor, location: import.LocationOf(node));

    /// <summary>The only output, real.</summary>
    public Entry[] Out(Value value) => [Entry.Of(OutputName(0), value)];

    /// <summary>The only output: numbers of the type of an input.</summary>
    public Entry[] OutLike(Value value, int input = 0) => [Entry.Of(OutputName(0), value, Input(input).Type)];

    /// <summary>The only output, of a known tensor.</summary>
    public Entry[] Out(Tensor tensor) => [Entry.Of(OutputName(0), tensor)];

    /// <summary>The only output: the same thing as an input, under a new name.</summary>
    public Entry[] Same(Entry entry) => [entry with { Name = OutputName(0) }];

    /// <summary>The only output: moved elements keep the input's type and quantization.</summary>
    public Entry[] Moved(Value value, Entry source) =>
        [source with { Name = OutputName(0), Shape = value.Type.Shape, Value = value, Tensor = null }];

    /// <summary>An input as a value whatever its elements mean: for operators that only move them.</summary>
    public Value AnyData(int index = 0) => import.ValueOf(Input(index));

    public string OutputName(int index) => index < node.Output.Count ? node.Output[index] : _name;

    /// <summary>An axis counted from the front.</summary>
    public int Axis(long axis, int rank) =>
        Tensors.Shape.Axis(axis, rank) ?? throw Mismatch($"axis {axis} is outside a tensor of rank {rank}");

    public int[] Axes(IEnumerable<long> axes, int rank)
    {
        int[] found = [.. axes.Select(a => Axis(a, rank))];
        return found.Distinct().Count() == found.Length ? found : throw Mismatch("an axis is named twice");
    }

    /// <summary>Counts memory before a tensor of this shape is made.</summary>
    public Shape Reserve(IEnumerable<long> dims, DType type)
    {
        long[] all = [.. dims];
        foreach (long dim in all)
            if (dim is < 0 or > int.MaxValue) throw Mismatch($"a dimension would be {dim}");
        var shape = Tensors.Shape.Of(all.Select(d => (int)d));
        import.Budget.Reserve(OutputName(0), shape, Math.Max(type.Size(), sizeof(int)));
        return shape;
    }

    /// <inheritdoc cref="OnnxGraphImport.Inline"/>
    public Entry[] Inline(GraphProto body, params Entry[] arguments) => import.Inline(body, arguments);

    /// <inheritdoc cref="OnnxGraphImport.ValueOf"/>
    public Value ValueOf(Entry entry) => import.ValueOf(entry);

    public Tensor ReadTensor(TensorProto tensor) => import.Tensors.Read(tensor, OutputName(0));

    /// <summary>Tells the user, once for all nodes that say the same, what is done otherwise than the file says.</summary>
    public void Note(string message, string? hint = null) =>
        import.Notes.Add(Severity.Note, node.OpType, _name, FrontendCodes.ReadOtherwise, message, hint);

    /// <inheritdoc cref="Note"/>
    public void Warn(string message, string? hint = null) =>
        import.Notes.Add(Severity.Warning, node.OpType, _name, FrontendCodes.ReadOtherwise, message, hint);

    public NodeException Mismatch(string message, string? hint = null) => new(FrontendCodes.ShapeMismatch, message, hint);

    public NodeException Refused(string message, string hint) => new(FrontendCodes.UnsupportedAttribute, message, hint);
}
