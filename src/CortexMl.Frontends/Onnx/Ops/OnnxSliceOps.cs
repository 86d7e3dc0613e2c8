using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Operators that cut tensors apart, join them, or put a border around them.</summary>
internal static class OnnxSliceOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Concat", "nn.concat") { Import = Concat, Fold = ConcatKnown },
        new("Slice", "nn.slice; nn.take where an end that comes with the data is its start and a constant")
        {
            Import = n => OnnxMovingSlices.Is(n) ? OnnxMovingSlices.Import(n) : Cut(n, n.OutputName(0), Ranges(n)),
            Fold = n => Cut(n, n.OutputName(0), Ranges(n)),
        },
        new("Split", "nn.slice for each part") { Import = Split, Fold = Split },
        new("CenterCropPad", "nn.slice or nn.pad with zeros, of as much on both sides; constant shape") { Import = Centred },
        new("Pad", "nn.pad with a constant, nn.take for the other modes; negative padding as nn.slice") { Import = Pad },
    ];

    private sealed record Selection(int Begin, int Count, int Step);

    private static Entry[] Concat(OnnxNode n) =>
        Joined(n, [.. Enumerable.Range(0, n.InputCount).Select(n.Input)], n.Axis(n.Attributes.Int("axis", 1), n.Rank));

    /// <summary>The node's result: entries beside each other.</summary>
    public static Entry[] Joined(OnnxNode n, IReadOnlyList<Entry> entries, int axis)
    {
        if (entries.All(e => e.Tensor is not null)) return Joined(n, [.. entries.Select(e => e.Tensor!)], axis);
        if (entries.Any(e => e.Type != entries[0].Type || e.Quantized != entries[0].Quantized))
            throw n.Mismatch("the inputs have different types or quantizations");
        return n.Moved(n.Emit(NnShape.Concat, [.. entries.Select(n.ValueOf)], ("axis", axis)), entries[0]);
    }

    private static Entry[] ConcatKnown(OnnxNode n) => Joined(n,
        [.. Enumerable.Range(0, n.InputCount).Select(i => n.Constant(i, $"input {i}"))], n.Axis(n.Attributes.Int("axis", 1), n.Rank));

    private static Entry[] Joined(OnnxNode n, Tensor[] tensors, int axis)
    {
        var first = tensors[0].Shape;
        foreach (var tensor in tensors)
            if (tensor.DType != tensors[0].DType || tensor.Shape.Rank != first.Rank || tensor.Shape.With(axis, 0) != first.With(axis, 0))
                throw n.Mismatch($"{tensor.DType} {tensor.Shape} does not fit {tensors[0].DType} {first} along axis {axis}");
        var shape = n.Reserve(first.Select((d, i) => i == axis ? tensors.Sum(t => (long)t.Shape[axis]) : d), tensors[0].DType);
        return n.Out(Moves.Concat(tensors, axis, shape));
    }

    private static Selection[] Ranges(OnnxNode n)
    {
        bool isOld = n.Opset < 10;
        long[] starts = isOld ? n.Attributes.Ints("starts") ?? [] : n.Longs(1, "starts"),
        ends = isOld ? n.Attributes.Ints("ends") ?? [] : n.Longs(2, "ends");
        long[]? given = isOld ? n.Attributes.Ints("axes") : n.Has(3) ? n.Longs(3, "axes") : null;
        long[] steps = !isOld && n.Has(4) ? n.Longs(4, "steps") : [.. Enumerable.Repeat(1L, starts.Length)];
        int[] axes = n.Axes(given ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)], n.Rank);
        if (starts.Length != axes.Length || ends.Length != axes.Length || steps.Length != axes.Length)
            throw n.Mismatch("starts, ends, axes and steps have different lengths");
        var ranges = n.Shape().Select(d => new Selection(0, d, 1)).ToArray();
        for (int i = 0; i < axes.Length; i++) ranges[axes[i]] = Resolve(n, starts[i], ends[i], steps[i], n.Shape()[axes[i]]);
        return ranges;
    }

    /// <summary>NumPy's rules: negative positions count from the end, those outside are clamped.</summary>
    private static Selection Resolve(OnnxNode n, long start, long end, long step, int size)
    {
        if (step == 0) throw n.Mismatch("a step is 0");
        step = Math.Clamp(step, -int.MaxValue, int.MaxValue);
        long from = Clamped(start), to = Clamped(end), span = step > 0 ? to - from : from - to;
        return new((int)Math.Max(0, from), (int)(span <= 0 ? 0 : (span - 1) / Math.Abs(step) + 1), (int)step);

        long Clamped(long at) => Math.Clamp(at < 0 ? at + size : at, step > 0 ? 0 : -1, step > 0 ? size : size - 1);
    }

    /// <summary>A part of the data along an axis, under a name of its own.</summary>
    public static Entry Part(OnnxNode n, string name, int axis, int from, int count) => Cut(
        n, name, [.. n.Shape().Select((d, a) => a == axis ? new Selection(from, count, 1) : new Selection(0, d, 1))])[0];

    private static Entry[] Cut(OnnxNode n, string name, Selection[] ranges)
    {
        var input = n.Input();
        if (input.Tensor is { } tensor)
        {
            n.Reserve(ranges.Select(r => (long)r.Count), tensor.DType);
            return [Entry.Of(name,
                Moves.Slice(tensor, [.. ranges.Select(r => r.Begin)], [.. ranges.Select(r => r.Count)], [.. ranges.Select(r => r.Step)]))];
        }
        if (Array.Exists(ranges, r => r.Count == 0)) throw n.Mismatch("it selects nothing");
        bool whole = ranges.Select((r, i) => r.Count == input.Shape[i] && r.Step == 1).All(w => w);
        var value = whole ? n.EmitAs(name, NnUnary.Identity, [n.AnyData()]) : n.EmitAs(name, NnShape.Slice, [n.AnyData()],
            ("begin", ranges.Select(r => r.Begin).ToArray()),
            ("end", ranges.Select(r => r.Begin + (long)(r.Count - 1) * r.Step + Math.Sign(r.Step)).ToArray()),
            ("strides", ranges.Select(r => r.Step).ToArray()));
        return [input with { Name = name, Shape = value.Type.Shape, Value = value, Tensor = null }];
    }

    private static Entry[] Split(OnnxNode n)
    {
        int axis = n.Axis(n.Attributes.Int("axis", 0), n.Rank), size = n.Shape()[axis];
        long[] parts = n.Attributes.Ints("split") ?? (n.Has(1) ? n.Longs(1, "split") : Even(n, size));
        if (parts.Any(p => p is < 0 or > int.MaxValue) || parts.Sum() != size || parts.Length < n.OutputCount)
            throw n.Mismatch($"[{string.Join(", ", parts.Take(16))}] does not split {Counted.Of(size, "element")}");
        var results = new List<Entry>();
        long at = 0;
        for (int i = 0; i < n.OutputCount; at += parts[i++])
        {
            var ranges = n.Shape()
                .Select((d, a) => a == axis ? new Selection((int)at, (int)parts[i], 1) : new Selection(0, d, 1)).ToArray();
            if (n.Wants(i)) results.AddRange(Cut(n, n.OutputName(i), ranges));
            else results.Add(n.Input());
        }
        return [.. results];
    }

    /// <summary>Equal parts, the last one smaller where they do not go in.</summary>
    private static long[] Even(OnnxNode n, int size)
    {
        long count = n.Attributes.Int("num_outputs", n.OutputCount);
        if (count < 1 || count > size) throw n.Mismatch($"{Counted.Of(size, "element")} cannot be split into {Counted.Of(count, "part")}");
        long part = (size + count - 1) / count;
        return [.. Enumerable.Range(0, (int)count).Select(i => Math.Clamp(size - i * part, 0, part))];
    }

    private static Entry[] Pad(OnnxNode n)
    {
        string mode = n.Attributes.Choice("mode", "constant", "edge", "reflect", "wrap");
        long[] pads = n.Opset < 11 ? n.Attributes.Ints("pads") ?? n.Attributes.Ints("paddings") ?? [] : n.Longs(1, "pads");
        double value = n.Opset < 11 ? n.Attributes.Float("value", 0) : n.Has(2) ? n.Number(2, "the value") : 0;
        int[] axes = n.Has(3) ? n.Axes(n.Longs(3, "axes"), n.Rank) : [.. Enumerable.Range(0, n.Rank)];
        if (pads.Length != 2 * axes.Length)
            throw n.Mismatch($"{Counted.Of(pads.Length, "pad")} for {Counted.Of(axes.Length, "axis", "axes")}");
        var before = new long[n.Rank];
        var after = new long[n.Rank];
        for (int i = 0; i < axes.Length; i++) (before[axes[i]], after[axes[i]]) = (pads[i], pads[axes.Length + i]);
        var data = n.Numbers();
        if (pads.Any(p => p < 0)) data = Cropped(n, data, before, after);
        if (mode != "constant") return n.OutLike(Mirrored(n, data, before, after, mode));
        return n.OutLike(
            n.Emit(NnShape.Pad, [data], ("before", Array.ConvertAll(before, p => Math.Max(0, p))),
            ("after", Array.ConvertAll(after, p => Math.Max(0, p))), ("value", value)));
    }

    private static Entry[] Centred(OnnxNode n)
    {
        var shape = n.Shape();
        long[] wanted = n.Longs(1, "the shape");
        int[] axes = n.Axes(n.Attributes.Ints("axes") ?? [.. Enumerable.Range(0, shape.Rank)], shape.Rank);
        if (wanted.Length != axes.Length || wanted.Any(d => d is < 1 or > int.MaxValue))
            throw n.Mismatch($"[{string.Join(", ", wanted)}] is no size for {Counted.Of(axes.Length, "axis", "axes")} of {shape}");
        long[] before = new long[shape.Rank], after = new long[shape.Rank], begin = new long[shape.Rank];
        long[] end = [.. shape.Select(d => (long)d)];
        foreach (var (i, axis) in axes.Index())
        {
            long more = wanted[i] - shape[axis];
            if (more > 0) (before[axis], after[axis]) = (more / 2, more - more / 2);
            else (begin[axis], end[axis]) = (-more / 2, -more / 2 + wanted[i]);
        }
        var cut = n.Step("cropped", NnShape.Slice, [n.Numbers()], ("begin", begin), ("end", end),
            ("strides", Enumerable.Repeat(1, shape.Rank).ToArray()));
        return n.OutLike(n.Emit(NnShape.Pad, [cut], ("before", before), ("after", after), ("value", 0.0)));
    }

    /// <summary>A border of the data's own elements, axis by axis.</summary>
    private static Value Mirrored(OnnxNode n, Value data, long[] before, long[] after, string mode)
    {
        var picks = new SortedDictionary<int, long[]>();
        for (int axis = 0; axis < before.Length; axis++)
        {
            int size = data.Type.Shape[axis];
            long front = Math.Max(0, before[axis]), back = Math.Max(0, after[axis]);
            if (front + back == 0) continue;
            picks[axis] = Borders.Indices(size, front, back, mode);
        }
        return picks.Count == 0 ? n.Emit(NnUnary.Identity, [data]) : OnnxGatherOps.Take(n, data, picks);
    }

    private static Value Cropped(OnnxNode n, Value data, long[] before, long[] after)
    {
        long[] begin = Array.ConvertAll(before, p => Math.Max(0, -p)), end = [.. n.Shape().Select((d, i) => d + Math.Min(0, after[i]))];
        return n.Step(
            "cropped", NnShape.Slice, [data], ("begin", begin), ("end", end), ("strides", Enumerable.Repeat(1, n.Rank).ToArray()));
    }
}
