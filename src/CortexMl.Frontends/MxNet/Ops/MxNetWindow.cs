using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>
/// What convolutions and pools share: a window along one or two spatial axes. One-dimensional data get an axis of height 1 and lose it
/// behind the window.
/// </summary>
internal sealed class MxNetWindow
{
    private readonly NodeImport _node;
    private readonly bool _isFlat;

    /// <exception cref="NodeException">Windows of other ranks, or data that do not have the window's axes.</exception>
    private MxNetWindow(NodeImport node, long[] kernel)
    {
        _node = node;
        _isFlat = kernel.Length == 1;
        if (node.Rank != 2 + kernel.Length)
            throw node.Mismatch(_isFlat
                ? $"data has rank {node.Rank}; [N, C, W] is needed"
                : $"data has rank {node.Rank}; [N, C, H, W] is needed",
                _isFlat ? "pass --input NAME=N,C,W" : "pass --input NAME=N,C,H,W");
        long[] strides = Of("stride", 1, 1), pad = Of("pad", 0, 0);
        Window = SlidingWindow.Of(Image(kernel, 1), strides, [.. pad, .. pad], [1, 1]);
        Data = _isFlat ? node.Step("rows", NnShape.ExpandDims, [node.Data()], ("axes", new[] { 2 })) : node.Data();
    }

    /// <summary>[N, C, H, W]</summary>
    public Value Data { get; }

    /// <summary>Without dilation, which pools do not have; the padding is symmetric.</summary>
    public SlidingWindow Window { get; }

    public static MxNetWindow Of(NodeImport node)
    {
        node.Attributes.Require("layout", "NCHW", "NCW");
        long[] kernel = node.Attributes.Ints("kernel");
        if (kernel.Length is not (1 or 2) || Array.Exists(kernel, k => k < 1))
            throw node.Attributes.Unsupported("kernel", "one or two positive integers: windows have one or two dimensions");
        return new MxNetWindow(node, kernel);
    }

    /// <summary>The window of a convolution, with the node's <c>dilate</c>.</summary>
    public SlidingWindow Dilated()
    {
        long[] dilate = Of("dilate", 1, 1);
        return new(Window.Rows with { Dilation = dilate[0] }, Window.Columns with { Dilation = dilate[1] });
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
    public long[] WeightShape(long outputs, long inputs) =>
        _isFlat ? [outputs, inputs, Window.Columns.Kernel] : [outputs, inputs, .. Window.Kernel];

    /// <summary>The node's result.</summary>
    public Value Emit(OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) => _isFlat
        ? _node.Emit(NnShape.Squeeze, [_node.Step("window", row, operands, attributes)], ("axes", new[] { 2 }))
            : _node.Emit(row, operands, attributes);

    private long[] Image(long[] values, long height) => _isFlat ? [height, .. values] : values;
}
