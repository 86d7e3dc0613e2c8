using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet;

/// <summary>What an operator's importer sees of its node: inputs, parameters, attributes, and a way to emit rows.</summary>
internal sealed class NodeImport(MxNetOp op, SymbolNode node, MxNetGraphImport import) : IRowEmitter
{
    private readonly GraphBuilder _build = import.Build;

    public NodeAttributes Attributes { get; } = new(op, node);

    public string Name => node.Name;

    /// <summary>Number of data inputs.</summary>
    public int DataCount => op.IsVariadic ? node.Inputs.Count : op.Data.Count;

    /// <summary>A data input.</summary>
    public Value Data(int index = 0) => import.Entry(node.Inputs[index]);

    public IReadOnlyList<Value> AllData => [.. Enumerable.Range(0, DataCount).Select(Data)];

    /// <summary>Rank of the first input.</summary>
    public int Rank => Data().Type.Shape.Rank;

    /// <summary>A parameter input by its name in the operator's table.</summary>
    /// <param name="expected">Its shape if it must be made up.</param>
    public Value Parameter(string name, Fill fill, params ReadOnlySpan<long> expected) =>
        import.ParameterEntry(op, node, name) is { } entry && !import.Symbol.Nodes[entry.Node].IsVariable
            ? import.Entry(entry)
            : import.Parameter(import.ParameterName(op, node, name), fill, expected);

    /// <summary>All ones under a parameter's name: BatchNorm's gamma with fix_gamma.</summary>
    public Value Ones(string parameter, int length)
    {
        var ones = Tensor.Zeros<float>(Shape.Of(length));
        Array.Fill(ones.Data, 1f);
        return _build.Constant(import.ParameterName(op, node, parameter), ones, location: node.Location);
    }

    /// <summary>A rank-0 constant, named after the node.</summary>
    public Value Scalar(double value) => _build.Constant($"{Name}.scalar", Tensor.Scalar((float)value), location: node.Location);

    /// <summary>A constant that belongs to this node.</summary>
    public Value Floats(string step, Tensor<float> tensor) => _build.Constant($"{Name}.{step}", tensor, location: node.Location);

    /// <summary>A constant under the node's own name; its memory is counted before it is made.</summary>
    public Value Filled(IReadOnlyList<long> dims, Func<int, double> element)
    {
        foreach (long dim in dims)
            if (dim is < 1 or > int.MaxValue) throw Mismatch($"a dimension would be {dim}; all must be known and positive");
        var shape = Shape.Of(dims.Select(d => (int)d));
        import.Reserve(Name, shape);
        var tensor = Tensor.Zeros<float>(shape);
        for (int i = 0; i < tensor.Data.Length; i++) tensor.Data[i] = (float)element(i);
        return _build.Constant(Name, tensor, location: node.Location);
    }

    /// <summary>The node's result.</summary>
    public Value Emit(OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) =>
        _build.Op(row, operands, Ir.Attributes.Of(attributes), Name, node.Location);

    /// <summary>A value on the way to the result, named <c>node.step</c>.</summary>
    public Value Step(string step, OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) =>
        _build.Op(row, operands, Ir.Attributes.Of(attributes), $"{Name}.{step}", node.Location);

    /// <summary>An axis attribute counted from the front.</summary>
    public int Axis(long axis, int rank) =>
        Shape.Axis(axis, rank) ?? throw Mismatch($"axis {axis} is outside a tensor of rank {rank}");

    public NodeException Mismatch(string message, string? hint = null) => new(FrontendCodes.ShapeMismatch, message, hint);
}
