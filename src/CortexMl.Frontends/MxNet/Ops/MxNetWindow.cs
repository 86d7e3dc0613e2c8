using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>
/// What convolutions and pools share: a window along one to three spatial axes. One-dimensional data get an axis of height 1 and lose it
/// behind the window; of three axes the depth is apart (<see cref="Volumes"/>).
/// </summary>
internal sealed class MxNetWindow
{
    private readonly NodeImport _node;
    private readonly int _spatial;

    /// <exception cref="NodeException">Data that do not have the window's axes.</exception>
    private MxNetWindow(NodeImport node, long[] kernel)
    {
        (_node, _spatial) = (node, kernel.Length);
        if (node.Rank != 2 + _spatial)
        {
            string needed = _spatial switch { 1 => "N,C,W", 2 => "N,C,H,W", _ => "N,C,D,H,W" };
            throw node.Mismatch($"data has rank {node.Rank}; [{needed.Replace(",", ", ", StringComparison.Ordinal)}] is needed",
                $"pass --input NAME={needed}");
        }
        long[] strides = Of("stride", 1, 1), pad = Of("pad", 0, 0);
        Window = SlidingWindow.Of(Image(kernel, 1), strides, [.. pad, .. pad], [1, 1]);
        if (_spatial == 3) Depth = new(kernel[0], OfDepth("stride", 1), OfDepth("pad", 0), OfDepth("pad", 0));
        Data = _spatial == 1 ? node.Step("rows", NnShape.ExpandDims, [node.Data()], ("axes", new[] { 2 })) : node.Data();
    }

    /// <summary>[N, C, H, W], or [N, C, D, H, W] where there is a <see cref="Depth"/>.</summary>
    public Value Data { get; }

    /// <summary>Over height and width; without dilation, which pools do not have; the padding is symmetric.</summary>
    public SlidingWindow Window { get; }

    /// <summary>Along the depth, the same; null for one or two spatial axes.</summary>
    public WindowAxis? Depth { get; }

    /// <param name="most">Spatial axes: 2 or 3.</param>
    /// <exception cref="NodeException">Windows of other ranks, or data that do not have the window's axes.</exception>
    public static MxNetWindow Of(NodeImport node, int most = 3)
    {
        node.Attributes.Require("layout", "NCHW", "NCW", "NCDHW");
        long[] kernel = node.Attributes.Ints("kernel");
        if (kernel.Length < 1 || kernel.Length > most || Array.Exists(kernel, k => k < 1))
            throw node.Attributes.Unsupported("kernel", most == 2 ? "one or two positive integers" : "one to three positive integers");
        return new MxNetWindow(node, kernel);
    }

    /// <summary>The window of a convolution, with the node's <c>dilate</c>.</summary>
    public SlidingWindow Dilated()
    {
        long[] dilate = Of("dilate", 1, 1);
        return new(Window.Rows with { Dilation = dilate[0] }, Window.Columns with { Dilation = dilate[1] });
    }

    /// <summary>The taps of a convolution along the depth, with the node's <c>dilate</c>.</summary>
    public DepthTaps DilatedDepth() => DepthTaps.Of(Depth!.Value with { Dilation = OfDepth("dilate", 1) }, Data.Type.Shape[2]);

    /// <summary>An attribute with one integer for each spatial axis, as height and width.</summary>
    /// <param name="absent">What stands for an empty tuple, and along the axis that was added.</param>
    public long[] Of(string name, long min, long absent)
    {
        long[] values = _node.Attributes.Ints(name);
        if (values.Length == 0) return [absent, absent];
        return values.Length == _spatial && Array.TrueForAll(values, v => v >= min) ? Image(values, absent)
            : throw _node.Attributes.Unsupported(name, $"{_spatial} {(_spatial == 1 ? "integer" : "integers")} of at least {min}");
    }

    //  [O, I, K]   ⇒   [O, I, 1, K]          [O, I, D, H, W]   ⇒   [O, I · D, H, W]
    /// <summary>A convolution's weight for nn.conv2d.</summary>
    public Value Weight(Value weight) => _spatial switch
    {
        1 => _node.Step("kernel", NnShape.ExpandDims, [weight], ("axes", new[] { 2 })),
        3 when weight.Type.Shape is { Rank: 5 } w => _node.Reshaped("kernel", weight, Tensors.Shape.Of(w[0], w[1] * w[2], w[3], w[4])),
        _ => weight,
    };

    /// <summary>The shape of a weight that is made up, in the file's own rank.</summary>
    public long[] WeightShape(long outputs, long inputs) =>
        _spatial == 1 ? [outputs, inputs, Window.Columns.Kernel]
        : Depth is { } depth ? [outputs, inputs, depth.Kernel, .. Window.Kernel] : [outputs, inputs, .. Window.Kernel];

    /// <summary>The node's result, of one or two spatial axes.</summary>
    public Value Emit(OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) => _spatial == 1
        ? _node.Emit(NnShape.Squeeze, [_node.Step("window", row, operands, attributes)], ("axes", new[] { 2 }))
            : _node.Emit(row, operands, attributes);

    private long OfDepth(string name, long absent) => _node.Attributes.Ints(name) is [var first, ..] ? first : absent;

    private long[] Image(long[] values, long height) => _spatial == 1 ? [height, .. values] : values[^2..];
}
