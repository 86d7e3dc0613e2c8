using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Operators that cut parts out of a tensor.</summary>
internal static class MxNetSliceOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("slice", "crop", "_npx_slice", "_npi_slice")
        {
            Doc = "nn.slice",
            Attributes = [new("begin"), new("end"), new("step", "()", "None is 1")],
            Import = n => [Cut(n, null, Ranges(n))],
        },
        new("slice_axis")
        {
            Doc = "nn.slice",
            Attributes = [new("axis"), new("begin"), new("end", "None", "None is the axis's size")],
            Import = n =>
            {
                int axis = n.Axis(n.Attributes.Int("axis"), n.Rank), size = n.Data().Type.Shape[axis];
                int end = n.Attributes.Text("end") is null ? size : n.Attributes.Int("end");
                return [Along(n, axis, FromFront(n.Attributes.Int("begin"), size), FromFront(end, size), null)];
            },
        },
        new("slice_like", "_npx_slice_like")
        {
            Doc = "nn.slice to the size of the second input",
            Data = ["data", "shape_like"],
            Attributes = [new("axes", "()", "all where absent")],
            Import = n => [Cut(n, null, Like(n))],
        },
        new("SliceChannel", "split")
        {
            Doc = "nn.slice for each output",
            Attributes = [new("num_outputs"), new("axis", "1"), new("squeeze_axis", "False")],
            Import = SliceChannel,
        },
        new("reverse", "flip", "_npi_flip")
        {
            Doc = "nn.slice with stride -1",
            Attributes = [new("axis")],
            Import = n =>
            {
                int[] axes = [.. n.Attributes.Ints("axis").Select(a => n.Axis(a, n.Rank))];
                return [Cut(
                    n, null,
                    [.. n.Data().Type.Shape.Select((d, i) => axes.Contains(i) ? new Stretch(d - 1, -1, -1) : new Stretch(0, d, 1))])];
            },
        },
    ];

    /// <summary>Begin, end (exclusive; -1 with a negative step goes down to the first element), step.</summary>
    private sealed record Stretch(long Begin, long End, long Step);

    private static Stretch[] Ranges(NodeImport n)
    {
        long?[] begins = n.Attributes.OptionalInts("begin"), ends = n.Attributes.OptionalInts("end"),
        steps = n.Attributes.OptionalInts("step");
        if (begins.Length > n.Rank || ends.Length != begins.Length || (steps.Length != 0 && steps.Length != begins.Length))
            throw n.Mismatch(
                $"begin, end and step have the lengths {begins.Length}, {ends.Length} and {steps.Length}, data has rank {n.Rank}");
        return [.. n.Data()
            .Type.Shape.Select((d, i) =>
            i < begins.Length ? Resolve(n, begins[i], ends[i], i < steps.Length ? steps[i] ?? 1 : 1, d) : new Stretch(0, d, 1))];
    }

    /// <summary>Negative positions count from the end, an absent end is everything.</summary>
    private static Stretch Resolve(NodeImport n, long? begin, long? end, long step, int size)
    {
        if (step == 0) throw n.Attributes.Unsupported("step", "integers but 0");
        bool forward = step > 0;
        long from = begin is { } b ? Clamped(b) : forward ? 0 : size - 1, to = end is { } e ? Clamped(e) : forward ? size : -1;
        return new(Math.Max(0, from), to, step);

        long Clamped(long at) => Math.Clamp(at < 0 ? at + size : at, forward ? 0 : -1, forward ? size : size - 1);
    }

    private static Stretch[] Like(NodeImport n)
    {
        var (data, like) = (n.Data(0).Type.Shape, n.Data(1).Type.Shape);
        int[] axes = n.Attributes.Ints("axes") is { Length: > 0 } given
            ? [.. given.Select(a => n.Axis(a, n.Rank))]
            : [.. Enumerable.Range(0, n.Rank)];
        foreach (int axis in axes)
            if (axis >= like.Rank || like[axis] > data[axis]) throw n.Mismatch($"{data} cannot be cut to {like} along axis {axis}");
        return [.. data.Select((d, i) => new Stretch(0, axes.Contains(i) ? like[i] : d, 1))];
    }

    private static Value[] SliceChannel(NodeImport n)
    {
        int axis = n.Axis(n.Attributes.Int("axis"), n.Rank), size = n.Data().Type.Shape[axis], parts = n.Attributes.Int("num_outputs", 1);
        if (size % parts != 0)
            throw n.Mismatch($"{Counted.Of(size, "element")} along axis {axis} cannot be split into {Counted.Of(parts, "part")}");
        int part = size / parts;
        bool squeeze = n.Attributes.Bool("squeeze_axis");
        if (squeeze && part != 1) throw n.Mismatch($"parts of {Counted.Of(part, "element")} cannot be squeezed");
        var results = new Value[parts];
        for (int i = 0; i < parts; i++)
        {
            results[i] = Along(n, axis, i * part, (i + 1) * part, $"part{i}");
            if (squeeze) results[i] = n.Step($"item{i}", NnShape.Squeeze, [results[i]], ("axes", new[] { axis }));
        }
        return results;
    }

    private static Value Along(NodeImport n, int axis, int begin, int end, string? step) =>
        Cut(n, step, [.. n.Data().Type.Shape.Select((d, i) => i == axis ? new Stretch(begin, end, 1) : new Stretch(0, d, 1))]);

    /// <param name="step">Null where this is the node's result.</param>
    private static Value Cut(NodeImport n, string? step, Stretch[] ranges)
    {
        (string, AttributeValue)[] attributes =
        [
            ("begin", ranges.Select(r => r.Begin).ToArray()), ("end", ranges.Select(r => r.End).ToArray()),
            ("strides", ranges.Select(r => r.Step).ToArray()),
        ];
        return step is null ? n.Emit(NnShape.Slice, [n.Data()], attributes) : n.Step(step, NnShape.Slice, [n.Data()], attributes);
    }

    private static int FromFront(int index, int size) => index < 0 ? index + size : index;
}
