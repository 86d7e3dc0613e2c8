using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Frontends.MxNet;

/// <summary>Operators that move elements or change shapes.</summary>
internal static class ShapeOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Flatten", "flatten") { Doc = "nn.flatten", Import = n => [n.Emit(NnShape.Flatten, [n.Data()])] },
        new("Reshape", "reshape")
        {
            Doc = "nn.reshape; all special numbers are resolved",
            Attributes =
            [
                new("shape", "()", "0 copy, -1 infer, -2 copy the rest, -3 merge two, -4 split"), new("reverse", "False", "match from the end"),
                new("target_shape", "()", "of old files: 0 is inferred"), new("keep_highest", "False", "of old files: keep the first dimension"),
            ],
            Import = n => [n.Emit(NnShape.Reshape, [n.Data()],
                ("shape", ReshapeCodes.Resolve(n.Data().Type.Shape, Codes(n), n.Attributes.Bool("reverse"))))],
        },
        new("Concat", "concat")
        {
            Doc = "nn.concat",
            IsVariadic = true,
            Attributes = [new("dim", "1")],
            Import = n => [n.Emit(NnShape.Concat, n.AllData, ("axis", n.Axis(n.Attributes.Int("dim"), n.Rank)))],
        },
        new("stack")
        {
            Doc = "nn.expand_dims of each input, then nn.concat",
            IsVariadic = true,
            Attributes = [new("axis", "0")],
            Import = n =>
            {
                int axis = n.Axis(n.Attributes.Int("axis"), n.Rank + 1);
                return [n.Emit(NnShape.Concat,
                    [.. n.AllData.Select((v, i) => n.Step($"item{i}", NnShape.ExpandDims, [v], ("axes", new[] { axis })))], ("axis", axis))];
            },
        },
        new("transpose")
        {
            Doc = "nn.transpose",
            Attributes = [new("axes", "()", "reversed when empty")],
            Import = n => [n.Emit(NnShape.Transpose, [n.Data()], ("axes", n.Attributes.Ints("axes") is { Length: > 0 } axes
                ? [.. axes.Select(a => n.Axis(a, n.Rank))] : Enumerable.Range(0, n.Rank).Reverse().ToArray()))],
        },
        new("SwapAxis", "swapaxes")
        {
            Doc = "nn.transpose",
            Attributes = [new("dim1", "0"), new("dim2", "0")],
            Import = n =>
            {
                int[] axes = [.. Enumerable.Range(0, n.Rank)];
                int a = n.Axis(n.Attributes.Int("dim1"), n.Rank), b = n.Axis(n.Attributes.Int("dim2"), n.Rank);
                (axes[a], axes[b]) = (axes[b], axes[a]);
                return [n.Emit(NnShape.Transpose, [n.Data()], ("axes", axes))];
            },
        },
        new("expand_dims")
        {
            Doc = "nn.expand_dims",
            Attributes = [new("axis")],
            Import = n => [n.Emit(NnShape.ExpandDims, [n.Data()], ("axes", new[] { n.Axis(n.Attributes.Int("axis"), n.Rank + 1) }))],
        },
        new("squeeze")
        {
            Doc = "nn.squeeze",
            Attributes = [new("axis", "None", "all axes of size 1 when absent")],
            Import = n => [n.Emit(NnShape.Squeeze, [n.Data()], ("axes", n.Attributes.Ints("axis") is { Length: > 0 } axes
                ? [.. axes.Select(a => n.Axis(a, n.Rank))] : Enumerable.Range(0, n.Rank).Where(a => n.Data().Type.Shape[a] == 1).ToArray()))],
        },
        new("slice_axis")
        {
            Doc = "nn.slice",
            Attributes = [new("axis"), new("begin"), new("end", "None", "None is the axis's size")],
            Import = n =>
            {
                int axis = n.Axis(n.Attributes.Int("axis"), n.Rank), size = n.Data().Type.Shape[axis];
                int end = n.Attributes.Text("end") is null ? size : n.Attributes.Int("end");
                return [Slice(n, axis, FromFront(n.Attributes.Int("begin"), size), FromFront(end, size), null)];
            },
        },
        new("SliceChannel", "split")
        {
            Doc = "nn.slice for each output",
            Attributes = [new("num_outputs"), new("axis", "1"), new("squeeze_axis", "False")],
            Import = SliceChannel,
        },
        new("Pad", "pad")
        {
            Doc = "nn.pad; mode constant",
            Attributes = [new("mode", "constant", "constant"), new("pad_width", Doc: "before and after for each axis"), new("constant_value", "0")],
            Import = n =>
            {
                n.Attributes.Require("mode", "constant");
                long[] widths = n.Attributes.Ints("pad_width");
                if (widths.Length != 2 * n.Rank) throw n.Attributes.Unsupported("pad_width", $"{2 * n.Rank} integers for data of rank {n.Rank}");
                return [n.Emit(NnShape.Pad, [n.Data()], ("before", widths.Where((_, i) => i % 2 == 0).ToArray()),
                    ("after", widths.Where((_, i) => i % 2 == 1).ToArray()),
                    ("value", n.Attributes.Float("constant_value")))];
            },
        },
    ];

    private static long[] Codes(NodeImport n)
    {
        long[] codes = n.Attributes.Ints("shape");
        if (codes.Length > 0) return codes;
        codes = [.. n.Attributes.Ints("target_shape").Select(d => d == 0 ? -1 : d)];
        if (codes.Length == 0) throw n.Attributes.Unsupported("shape", "a tuple of integers");
        if (n.Attributes.Bool("keep_highest")) codes[0] = 0;
        return codes;
    }

    private static Value[] SliceChannel(NodeImport n)
    {
        int axis = n.Axis(n.Attributes.Int("axis"), n.Rank), size = n.Data().Type.Shape[axis], parts = n.Attributes.Int("num_outputs", 1);
        if (size % parts != 0) throw n.Mismatch($"{size} elements along axis {axis} cannot be split into {parts} parts");
        int part = size / parts;
        bool squeeze = n.Attributes.Bool("squeeze_axis");
        if (squeeze && part != 1) throw n.Mismatch($"parts of {part} elements cannot be squeezed");
        var results = new Value[parts];
        for (int i = 0; i < parts; i++)
        {
            results[i] = Slice(n, axis, i * part, (i + 1) * part, $"part{i}");
            if (squeeze) results[i] = n.Step($"item{i}", NnShape.Squeeze, [results[i]], ("axes", new[] { axis }));
        }
        return results;
    }

    private static Value Slice(NodeImport n, int axis, int begin, int end, string? step)
    {
        long[] begins = new long[n.Rank], ends = [.. n.Data().Type.Shape.Select(d => (long)d)], strides = new long[n.Rank];
        Array.Fill(strides, 1);
        (begins[axis], ends[axis]) = (begin, end);
        (string, AttributeValue)[] attributes = [("begin", begins), ("end", ends), ("strides", strides)];
        return step is null ? n.Emit(NnShape.Slice, [n.Data()], attributes) : n.Step(step, NnShape.Slice, [n.Data()], attributes);
    }

    private static int FromFront(int index, int size) => index < 0 ? index + size : index;
}
