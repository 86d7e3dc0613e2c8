using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Normalisation by mean and variance of the data at hand: <see cref="NnNorm.Normalize"/>, a factor and an offset.</summary>
internal static class MxNetNormOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("LayerNorm", "_contrib_layer_norm", "_npx_layer_norm")
        {
            Doc = "nn.normalize along one axis, nn.mul and nn.add",
            Parameters = ["gamma", "beta"],
            Attributes = [new("axis", "-1"), new("eps", "1e-05")],
            Import = n =>
            {
                int axis = n.Axis(n.Attributes.Int("axis"), n.Rank), size = n.Data().Type.Shape[axis];
                return [Affine(n, Normalized(n, n.Data(), [axis]), axis, size)];
            },
        },
        new("InstanceNorm", "_npx_instance_norm")
        {
            Doc = "nn.normalize over all axes behind the channels, nn.mul and nn.add",
            Parameters = ["gamma", "beta"],
            Attributes = [new("eps", "0.001")],
            Import = n =>
            {
                if (n.Rank < 3) throw n.Mismatch($"data {n.Data().Type.Shape} has nothing behind its channels");
                var normalized = Normalized(n, n.Data(), [.. Enumerable.Range(2, n.Rank - 2)]);
                return [Affine(n, normalized, 1, n.Data().Type.Shape[1])];
            },
        },
        new("GroupNorm", "_npx_group_norm")
        {
            Doc = "nn.normalize over groups of channels, nn.mul and nn.add; factors of channels, or of groups (MXNet 1.6)",
            Parameters = ["gamma", "beta"],
            Attributes = [new("num_groups", "1"), new("eps", "1e-05")],
            Import = Group,
        },
        new("L2Normalization")
        {
            Doc = "nn.normalize without center, and nn.mul",
            Attributes = [new("eps", "1e-10"), new("mode", "instance", "instance, channel or spatial")],
            Import = L2,
        },
        new("norm")
        {
            Doc = "nn.square, nn.reduce_sum and nn.sqrt, for ord 1 nn.abs and nn.reduce_sum; over all axes the result is [1]",
            Attributes = [new("ord", "2"), new("axis", "None", "one axis, several, or all"), new("keepdims", "False")],
            Import = Length,
        },
    ];

    private static Value Normalized(NodeImport n, Value data, int[] axes) =>
        n.Step("normalized", NnNorm.Normalize, [data], ("axes", axes), ("epsilon", n.Attributes.Float("eps")));

    /// <summary>Times gamma, plus beta, each with an element for each index of an axis.</summary>
    private static Value Affine(NodeImport n, Value normalized, int axis, int size)
    {
        int[] shape = [size, .. Enumerable.Repeat(1, normalized.Type.Shape.Rank - axis - 1)];
        var scaled = n.Step("scaled", NnBinary.Mul, [normalized, Vector(n, "gamma", Fill.Ones, size, shape)]);
        return n.Emit(NnBinary.Add, [scaled, Vector(n, "beta", Fill.Zeros, size, shape)]);
    }

    private static Value Vector(NodeImport n, string name, Fill fill, int size, int[] shape)
    {
        var value = n.Parameter(name, fill, size);
        if (value.Type.Shape.Count != size) throw n.Mismatch($"{name} {value.Type.Shape} does not fit [{size}]");
        return n.Reshaped(name, value, Shape.Of(shape));
    }

    //  [N, C, …]   ⇒   [N, groups, C / groups · …], normalised over the last axis, and back
    private static Value[] Group(NodeImport n)
    {
        var shape = n.Data().Type.Shape;
        int groups = n.Attributes.Int("num_groups", 1);
        if (shape.Rank < 3) throw n.Mismatch($"data {shape} has nothing behind its channels");
        if (shape[1] % groups != 0)
            throw n.Mismatch($"{Counted.Of(shape[1], "channel")} cannot be split into {Counted.Of(groups, "group")}");
        int[] split = [shape[0], groups, (int)(shape.Count / shape[0] / groups)];
        var normalized = Normalized(n, n.Step("groups", NnShape.Reshape, [n.Data()], ("shape", split)), [2]);
        if (n.Parameter("gamma", Fill.Ones, shape[1]).Type.Shape.Count == shape[1])
            return [Affine(n, n.Step("back", NnShape.Reshape, [normalized], ("shape", shape)), 1, shape[1])];
        int[] columns = [groups, 1];
        var scaled = n.Step("scaled", NnBinary.Mul, [normalized, Vector(n, "gamma", Fill.Ones, groups, columns)]);
        scaled = n.Step("offset", NnBinary.Add, [scaled, Vector(n, "beta", Fill.Zeros, groups, columns)]);
        return [n.Emit(NnShape.Reshape, [scaled], ("shape", shape))];
    }

    //  x / √(Σ x² + ε)   ⇒   x / √(mean(x²) + ε/n) · 1/√n
    private static Value[] L2(NodeImport n)
    {
        var shape = n.Data().Type.Shape;
        if (shape.Rank < 2) throw n.Mismatch($"data {shape} has no axis behind the batch");
        int[] axes = n.Attributes.Choice("mode", "instance", "channel", "spatial") switch
        {
            "channel" => [1],
            "spatial" => [.. Enumerable.Range(2, shape.Rank - 2)],
            _ => [.. Enumerable.Range(1, shape.Rank - 1)],
        };
        if (axes.Length == 0) throw n.Mismatch($"data {shape} has nothing behind its channels");
        double terms = axes.Aggregate(1.0, (product, axis) => product * shape[axis]);
        var normalized = n.Step("normalized", NnNorm.Normalize, [n.Data()],
            ("axes", axes), ("epsilon", n.Attributes.Float("eps") / terms), ("center", false));
        return [n.Emit(NnBinary.Mul, [normalized, n.Scalar(1 / Math.Sqrt(terms))])];
    }

    private static Value[] Length(NodeImport n)
    {
        bool isL1 = n.Attributes.Int("ord", 1) switch { 1 => true, 2 => false, _ => throw n.Attributes.Unsupported("ord", "1 or 2") };
        int[] axes = [.. n.Attributes.Ints("axis").Select(a => n.Axis(a, n.Rank)).Distinct().Order()];
        bool keep = n.Attributes.Bool("keepdims"), all = axes.Length == 0 || axes.Length == n.Rank;
        if (all) axes = [.. Enumerable.Range(0, n.Rank)];
        var parts = isL1 ? n.Step("magnitudes", NnUnary.Abs, [n.Data()]) : n.Step("squares", NnUnary.Square, [n.Data()]);
        bool ends = isL1 && (keep || !all);
        var sum = ends ? n.Emit(NnReduce.Sum, [parts], ("axes", axes), ("keepdims", keep))
            : n.Step("sum", NnReduce.Sum, [parts], ("axes", axes), ("keepdims", keep));
        if (all && !keep && isL1) return [n.Emit(NnShape.Reshape, [sum], ("shape", new[] { 1 }))];
        if (all && !keep) sum = n.Step("all", NnShape.Reshape, [sum], ("shape", new[] { 1 }));
        return [isL1 ? sum : n.Emit(NnUnary.Sqrt, [sum])];
    }
}
