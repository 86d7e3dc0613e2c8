using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>
/// Sequences of tensors, and values that may be absent. They are no values of the graph: what is in them, and at which place, is known at
/// import, and what is left behind it are the tensors.
/// </summary>
internal static class OnnxSequenceOps
{
    private const string Resolved = "resolved at import; ";

    public static readonly OnnxOp[] Rows =
    [
        Row("SequenceEmpty", "an empty sequence", n => Sequence(n, [])),
        Row("SequenceConstruct", "its inputs", n => Sequence(n, [.. Enumerable.Range(0, n.InputCount).Select(n.Input)])),
        Row("SequenceInsert", "one element more; constant position", Insert),
        Row("SequenceErase", "one element less; constant position", Erase),
        Row("SequenceAt", "the element; constant position", n => n.Same(Elements(n)[Position(n, 1, Elements(n).Count, 0)])),
        Row("SequenceLength", "a constant", n => n.Out(Tensor.Scalar((long)Elements(n).Count))),
        Row("SequenceMap", "its body for each element", Map),
        Row("SplitToSequence", "nn.slice for each part; constant sizes", Split),
        Row("ConcatFromSequence", "nn.concat", Concat),
        Row("Optional", "its input", n => n.Has(0) ? n.Same(n.Input()) : throw n.Refused("it holds nothing", "a value is needed")),
        Row("OptionalGetElement", "its input", n => n.Same(n.Input())),
        Row("OptionalHasElement", "a constant", n => n.Out(Tensor.Scalar(n.Has(0)))),
    ];

    private static OnnxOp Row(string name, string doc, Func<OnnxNode, Entry[]> import) =>
        new(name, Resolved + doc) { Import = import, Fold = import };

    private static Entry[] Sequence(OnnxNode n, IReadOnlyList<Entry> elements) => [Entry.Of(n.OutputName(0), elements)];

    private static IReadOnlyList<Entry> Elements(OnnxNode n, int input = 0) =>
        n.Input(input).Elements ?? throw n.Mismatch($"input {input} '{n.Input(input).Name}' is no sequence");

    /// <summary>A place among so many, counted from the front.</summary>
    /// <param name="absent">Where no input says it.</param>
    private static int Position(OnnxNode n, int input, int count, long absent)
    {
        double at = n.Has(input) ? n.Number(input, "the position") : absent;
        return at >= -count && at < count ? (int)(at < 0 ? at + count : at)
            : throw n.Mismatch($"position {at} is outside a sequence of {Counted.Of(count, "place")}");
    }

    private static Entry[] Insert(OnnxNode n)
    {
        var elements = Elements(n).ToList();
        // One place more than there are elements; -1 is the last element's.
        double at = n.Has(2) ? n.Number(2, "the position") : elements.Count;
        if (!(at >= -elements.Count && at <= elements.Count))
            throw n.Mismatch($"position {at} is outside a sequence of {Counted.Of(elements.Count, "element")}");
        elements.Insert((int)(at < 0 ? at + elements.Count : at), n.Input(1));
        return Sequence(n, elements);
    }

    private static Entry[] Erase(OnnxNode n)
    {
        var elements = Elements(n).ToList();
        elements.RemoveAt(Position(n, 1, elements.Count, -1));
        return Sequence(n, elements);
    }

    private static Entry[] Map(OnnxNode n)
    {
        var body = n.Attributes.Graph("body") ?? throw n.Mismatch("it has no body");
        if (body.Input.Count != n.InputCount || body.Output.Count < n.OutputCount)
            throw n.Mismatch(
                $"its body takes {Counted.Of(body.Input.Count, "input")} and gives {Counted.Of(body.Output.Count, "output")}");
        var results = Enumerable.Range(0, n.OutputCount).Select(_ => new List<Entry>()).ToList();
        for (int i = 0; i < Elements(n).Count; i++)
        {
            Entry[] arguments =
                [.. Enumerable.Range(0, n.InputCount).Select(input => Argument(n, input, i) with { Name = body.Input[input].Name })];
            foreach (var (output, entry) in n.Inline(body, arguments).Take(n.OutputCount).Index()) results[output].Add(entry);
        }
        return [.. results.Select((elements, i) => Entry.Of(n.OutputName(i), elements))];
    }

    /// <summary>Of a sequence its element, of a tensor all of it.</summary>
    private static Entry Argument(OnnxNode n, int input, int at) => n.Input(input) is { Elements: { } elements }
        ? at < elements.Count ? elements[at] : throw n.Mismatch("its sequences differ in length")
        : n.Input(input);

    private static Entry[] Split(OnnxNode n)
    {
        int axis = n.Axis(n.Attributes.Int("axis", 0), n.Rank), size = n.Shape()[axis];
        bool isEach = !n.Has(1), keeps = !isEach || n.Attributes.Bool("keepdims", true);
        long[] sizes = isEach ? [1] : n.Longs(1, "the sizes");
        if (n.Has(1) && n.Shape(1).Rank == 0 || isEach)
        {
            if (sizes[0] < 1 || sizes[0] > size) throw n.Mismatch($"parts of {sizes[0]} of {Counted.Of(size, "element")}");
            long each = sizes[0], count = (size + each - 1) / each;
            sizes = [.. Enumerable.Range(0, (int)count).Select(i => Math.Min(each, size - i * each))];
        }
        if (sizes.Any(s => s < 0 || s > size) || sizes.Sum() != size)
            throw n.Mismatch($"the parts do not make {Counted.Of(size, "element")}");
        var parts = new List<Entry>();
        long at = 0;
        foreach (var (i, part) in sizes.Index())
        {
            var cut = OnnxSliceOps.Part(n, $"{n.OutputName(0)}.{i}", axis, (int)at, (int)part);
            parts.Add(keeps ? cut : Squeezed(n, cut, axis));
            at += part;
        }
        return Sequence(n, parts);
    }

    private static Entry Squeezed(OnnxNode n, Entry part, int axis)
    {
        var shape = Shape.Of(part.Shape.Where((_, a) => a != axis));
        return part.Tensor is { } known ? Entry.Of(part.Name, known.Reshape(shape))
            : part with { Value = n.Reshaped($"{part.Name}.element", part.Value!, shape), Shape = shape };
    }

    private static Entry[] Concat(OnnxNode n)
    {
        var elements = Elements(n).ToList();
        if (elements.Count == 0) throw n.Refused("its sequence is empty", "the result must have elements");
        int rank = elements[0].Shape.Rank;
        if (n.Attributes.Bool("new_axis", false))
            return [OnnxLoopOps.Stacked(n, n.OutputName(0), elements, n.Axis(n.Attributes.Int("axis", 0), rank + 1))];
        return OnnxSliceOps.Joined(n, elements, n.Axis(n.Attributes.Int("axis", 0), rank));
    }
}
