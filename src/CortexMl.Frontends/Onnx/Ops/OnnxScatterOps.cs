using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  y = data; y[place[j]] = updates[j]    ⇒   a block in order: concatenation of slices of data around the updates
//                                            else: y = take([data, updates] in one row, where each element comes from)
//  y[place[j]] += updates[j]             ⇒   data + take([updates, 0] in one row), once more for each time that a place is named again
/// <summary>Elements written at places that are known.</summary>
internal static class OnnxScatterOps
{
    /// <summary>Times that one place may be reduced into: each is an operation on all the data.</summary>
    private const int MostRounds = 16;

    public static readonly OnnxOp[] Rows =
    [
        Row("ScatterElements", OnnxGatherOps.Elements), Row("Scatter", OnnxGatherOps.Elements),
        Row("ScatterND", OnnxGatherOps.Slices, "; without reduction also indices of data: nn.where of what is written there"),
    ];

    private static OnnxOp Row(string name, Places places, string also = "") =>
        new(name, $"nn.slice and nn.concat around a block, else nn.take of data and updates in one row; constant indices{also}")
        {
            Import = n => Written(n, places),
            Fold = n => Reduction(n) is null ? Known(n, places) : Written(n, places),
        };

    private static OpSpec? Reduction(OnnxNode n) => n.Attributes.Choice("reduction", "none", "add", "mul", "max", "min") switch
    {
        "add" => NnBinary.Add,
        "mul" => NnBinary.Mul,
        "max" => NnBinary.Max,
        "min" => NnBinary.Min,
        _ => null,
    };

    private static Entry[] Written(OnnxNode n, Places places)
    {
        Entry data = n.Input(), updates = n.Input(2);
        if (data.Type != updates.Type || data.Quantized != updates.Quantized)
            throw n.Mismatch("data and updates have different types or quantizations");
        if (places == OnnxGatherOps.Slices && Reduction(n) is null && OnnxMovingWrites.Is(n)) return OnnxMovingWrites.Import(n);
        int[] at = At(n, data.Shape, updates.Shape, places);
        if (Reduction(n) is { } reduction) return n.Moved(Reduced(n, reduction, at), data);
        if (at.Length == 0) return n.Moved(n.Emit(NnUnary.Identity, [n.AnyData()]), data);
        int[] sources = Sources(data.Shape, at);
        return n.Moved(WrittenBlock.Find(data.Shape, sources, at.Length) is { } block ? Around(n, block) : Picked(n, sources), data);
    }

    private static Entry[] Known(OnnxNode n, Places places)
    {
        Tensor data = n.Constant(0, "the data"), updates = n.Constant(2, "the updates");
        if (data.DType != updates.DType) throw n.Mismatch($"updates of {updates.DType} do not fit data of {data.DType}");
        int[] sources = Sources(data.Shape, At(n, data.Shape, updates.Shape, places));
        n.Reserve(data.Shape.Select(d => (long)d), data.DType);
        var all = Shape.Of(data.Length + updates.Length);
        var row = Moves.Concat([data.Reshape(Shape.Of(data.Length)), updates.Reshape(Shape.Of(updates.Length))], 0, all);
        return n.Out(Constants.Pick(row, data.Shape, sources));
    }

    /// <summary>The row-major place of each update.</summary>
    private static int[] At(OnnxNode n, Shape data, Shape updates, Places places)
    {
        if (data.Count + updates.Count > OnnxGatherOps.MostExact)
            throw n.Refused($"{data} has too many elements", $"at most {OnnxGatherOps.MostExact}, with the updates, are supported");
        var (shape, at) = places(n, data, n.Constant(1, "the indices"));
        return shape == updates ? at : throw n.Mismatch($"updates {updates} where the indices name {shape}");
    }

    /// <summary>Where each element of the result lies in the row of data and updates; the last one written stays.</summary>
    private static int[] Sources(Shape data, int[] at)
    {
        int[] sources = [.. Enumerable.Range(0, (int)data.Count)];
        for (int j = 0; j < at.Length; j++) sources[at[j]] = (int)data.Count + j;
        return sources;
    }

    private static Value Picked(OnnxNode n, int[] sources)
    {
        Value data = Row(n, "data", n.AnyData()), updates = Row(n, "updates", n.AnyData(2));
        return n.Emit(NnLookup.Take,
            [n.Step("all", NnShape.Concat, [data, updates], ("axis", 0)), Indices(n, "sources", n.Shape(), sources)]);
    }

    /// <summary>The last axis first: what stands before and behind the block of all that is done.</summary>
    private static Value Around(OnnxNode n, WrittenBlock block)
    {
        var shape = n.Shape();
        int[] open = [.. Enumerable.Range(0, shape.Rank).Where(a => block.End[a] - block.Begin[a] < shape[a]).Reverse()];
        var updates = n.AnyData(2);
        var own = Shape.Of(shape.Select((_, a) => block.End[a] - block.Begin[a]));
        if (open.Length == 0) return n.Emit(NnShape.Reshape, [updates], ("shape", own));
        var value = n.Reshaped("block", updates, own);
        foreach (int axis in open)
        {
            List<Value> parts = [value];
            if (block.Begin[axis] > 0) parts.Insert(0, Part($"before{axis}", axis, 0, block.Begin[axis]));
            if (block.End[axis] < shape[axis]) parts.Add(Part($"behind{axis}", axis, block.End[axis], shape[axis]));
            value = axis == open[^1] ? n.Emit(NnShape.Concat, parts, ("axis", axis))
                : n.Step($"axis{axis}", NnShape.Concat, parts, ("axis", axis));
        }
        return value;

        Value Part(string step, int axis, int begin, int end) => n.Step(step, NnShape.Slice, [n.AnyData()],
            ("begin", shape.Select((_, a) => a == axis ? begin : a < axis ? block.Begin[a] : 0).ToArray()),
            ("end", shape.Select((d, a) => a == axis ? end : a < axis ? block.End[a] : d).ToArray()),
            ("strides", Enumerable.Repeat(1, shape.Rank).ToArray()));
    }

    private static Value Reduced(OnnxNode n, OpSpec reduction, int[] at)
    {
        var rounds = Rounds(at);
        if (rounds.Count > MostRounds)
            throw n.Refused($"a place is reduced into {rounds.Count} times", $"at most {MostRounds} times are supported");
        var data = n.AnyData();
        if (rounds.Count == 0) return n.Emit(NnUnary.Identity, [data]);
        var neutral = n.Floats("neutral", Tensor.Vector(reduction == NnBinary.Mul ? 1f : 0));
        var updates = Row(n, "updates", n.AnyData(2));
        foreach (var (r, round) in rounds.Index())
        {
            // What is not named is reduced with the neutral number, or for extremes with itself.
            bool isExtreme = reduction == NnBinary.Max || reduction == NnBinary.Min;
            int size = data.Type.Shape.Count is var count && isExtreme ? (int)count : 0;
            var sources = isExtreme ? [.. Enumerable.Range(0, size)] : Enumerable.Repeat(at.Length, (int)count).ToArray();
            foreach (int j in round) sources[at[j]] = size + j;
            Value[] row = isExtreme ? [Row(n, $"data{r}", data), updates] : [updates, neutral];
            var all = n.Step($"all{r}", NnShape.Concat, row, ("axis", 0));
            var written = n.Step($"updates{r}", NnLookup.Take, [all, Indices(n, $"sources{r}", data.Type.Shape, sources)]);
            data = r == rounds.Count - 1 ? n.Emit(reduction, [data, written]) : n.Step($"round{r}", reduction, [data, written]);
        }
        return data;
    }

    /// <summary>Updates by how often their place was named before.</summary>
    private static List<List<int>> Rounds(int[] at)
    {
        var rounds = new List<List<int>>();
        var seen = new Dictionary<int, int>();
        for (int j = 0; j < at.Length; j++)
        {
            int before = seen.GetValueOrDefault(at[j]);
            seen[at[j]] = before + 1;
            if (before == rounds.Count) rounds.Add([]);
            rounds[before].Add(j);
        }
        return rounds;
    }

    private static Value Row(OnnxNode n, string step, Value value) =>
        n.Reshaped($"{step}.row", value, Shape.Of((int)value.Type.Shape.Count));

    private static Value Indices(OnnxNode n, string step, Shape shape, int[] indices)
    {
        n.Reserve(shape.Select(d => (long)d), DType.F32);
        return n.Floats(step, Tensor.Create(shape, Array.ConvertAll(indices, i => (float)i)));
    }

    /// <summary>Which elements of the data the indices name, in row-major order, and the shape of all that they name.</summary>
    internal delegate (Shape Shape, int[] Flat) Places(OnnxNode n, Shape data, Tensor indices);

    /// <summary>A range of every axis.</summary>
    private sealed record WrittenBlock(int[] Begin, int[] End)
    {
        /// <summary>The block that the updates fill in their own order, or null.</summary>
        public static WrittenBlock? Find(Shape data, int[] sources, int updates)
        {
            int size = sources.Length;
            int first = Array.FindIndex(sources, s => s >= size), last = Array.FindLastIndex(sources, s => s >= size);
            int[] strides = data.Strides();
            int[] begin = [.. data.Select((d, a) => first / strides[a] % d)], end = [.. data.Select((d, a) => last / strides[a] % d + 1)];
            if (begin.Where((b, a) => b >= end[a]).Any() || Shape.Of(begin.Select((b, a) => end[a] - b)).Count != updates) return null;
            for (int i = first, next = size; i <= last; i++)
            {
                bool isInside = !begin.Where((b, a) => i / strides[a] % data[a] is var at && (at < b || at >= end[a])).Any();
                if (isInside ? sources[i] != next++ : sources[i] >= size) return null;
            }
            return new(begin, end);
        }
    }
}
