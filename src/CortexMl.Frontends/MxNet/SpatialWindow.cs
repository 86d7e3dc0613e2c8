using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Frontends.MxNet;

/// <summary>
/// What convolutions and pools share: a window along one or two spatial axes. One-dimensional data get an axis of height 1 and lose it
/// behind the window.
/// </summary>
internal sealed class SpatialWindow
{
    private readonly NodeImport _node;
    private readonly bool _isFlat;

    /// <exception cref="NodeException">Windows of other ranks, or data that do not have the window's axes.</exception>
    private SpatialWindow(NodeImport node, long[] kernel)
    {
        _node = node;
        _isFlat = kernel.Length == 1;
        if (node.Rank != 2 + kernel.Length)
            throw node.Mismatch(_isFlat
                ? $"data has rank {node.Rank}; [N, C, W] is needed"
                : $"data has rank {node.Rank}; [N, C, H, W] is needed",
                _isFlat ? "pass --input NAME=N,C,W" : "pass --input NAME=N,C,H,W");
        Kernel = Image(kernel, 1);
        Strides = Of("stride", 1, 1);
        Padding = Of("pad", 0, 0);
        Data = _isFlat ? node.Step("rows", NnShape.ExpandDims, [node.Data()], ("axes", new[] { 2 })) : node.Data();
    }

    /// <summary>[N, C, H, W]</summary>
    public Value Data { get; }

    public long[] Kernel { get; }

    public long[] Strides { get; }

    /// <summary>Above and below, left and right.</summary>
    public long[] Padding { get; }

    public static SpatialWindow Of(NodeImport node)
    {
        node.Attributes.Require("layout", "NCHW", "NCW");
        long[] kernel = node.Attributes.Ints("kernel");
        if (kernel.Length is not (1 or 2) || Array.Exists(kernel, k => k < 1))
            throw node.Attributes.Unsupported("kernel", "one or two positive integers: windows have one or two dimensions");
        return new SpatialWindow(node, kernel);
    }

    /// <summary>An attribute with one integer for each spatial axis, as height and width.</summary>
    /// <param name="absent">What stands for an empty tuple, and along the axis that was added.</param>
    public long[] Of(string name, long min, long absent)
    {
        long[] values = _node.Attributes.Ints(name);
        int spatial = _isFlat ? 1 : 2;
        if (values.Length == 0) return [absent, absent];
        return values.Length == spatial && Array.TrueForAll(values, v => v >= min) ? Image(values, absent)
            : throw _node.Attributes.Unsupported(name, $"{spatial} {(spatial == 1 ? "integer" : "integers")} of at least {min}");
    }

    /// <summary>A convolution's weight [O, I, K] as [O, I, 1, K].</summary>
    public Value Weight(Value weight) => _isFlat ? _node.Step("kernel", NnShape.ExpandDims, [weight], ("axes", new[] { 2 })) : weight;

    /// <summary>The shape of a weight that is made up, in the file's own rank.</summary>
    public long[] WeightShape(long outputs, long inputs) => _isFlat ? [outputs, inputs, Kernel[1]] : [outputs, inputs, .. Kernel];

    /// <summary>The node's result.</summary>
    public Value Emit(OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) => _isFlat
        ? _node.Emit(NnShape.Squeeze, [_node.Step("window", row, operands, attributes)], ("axes", new[] { 2 }))
            : _node.Emit(row, operands, attributes);

    private long[] Image(long[] values, long height) => _isFlat ? [height, .. values] : values;
}
