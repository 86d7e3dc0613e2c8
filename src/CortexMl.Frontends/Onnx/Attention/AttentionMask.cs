using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Attention;

//  scores   ⇒   where(truths, scores + known + addends, hidden)
/// <summary>
/// What keeps queries from keys, of all kinds together: what is known is one constant, added to the scores; truths that come with the data
/// choose between a score and the hidden one.
/// </summary>
/// <param name="scores">[batch, heads, queries, keys]</param>
/// <param name="hidden">The score of a key that is not seen, or what is added to it: -∞, or a number of the file.</param>
internal sealed class AttentionMask(OnnxNode n, Shape scores, float hidden = float.NegativeInfinity)
{
    private readonly List<Value> _addends = [], _truths = [];

    private Tensor<float>? _known;

    private int Queries => scores[2];

    private int Keys => scores[3];

    /// <summary>A mask among the inputs: numbers are added to the scores, of truths and integers 0 hides.</summary>
    /// <param name="aligned">Its shape as the scores' axes have it, where that is not its own.</param>
    /// <exception cref="NodeException">It does not fit the scores.</exception>
    public void Add(int input, Shape? aligned = null)
    {
        var entry = n.Input(input);
        var shape = aligned ?? entry.Shape;
        if (shape.Rank is 0 or > 4 || shape[^1] > Keys || Shape.Broadcast(Padded(shape), scores) != scores)
            throw n.Mismatch($"mask {entry.Shape} does not fit scores {scores}");
        int seen = shape[^1];
        // A mask of fewer keys hides those behind it; one of a single key is one for all.
        if (seen < Keys && seen > 1) AddKnown(Tensor.Vector([.. Enumerable.Range(0, Keys).Select(key => key < seen ? 0 : hidden)]));
        bool isTruth = !entry.Type.IsReal();
        if (entry.Tensor is { } tensor)
        {
            double[] numbers = tensor.Doubles();
            float[] addends = isTruth ? Array.ConvertAll(numbers, v => v != 0 ? 0 : hidden) : Array.ConvertAll(numbers, v => (float)v);
            AddKnown(Filled(Tensor.Create(shape, addends)));
            return;
        }
        var data = Filled(input, n.Reshaped($"mask{input}", n.AnyData(input), shape));
        if (!isTruth) _addends.Add(data);
        else _truths.Add(entry.Type == DType.Bool ? data
            : TruthRows.Truth(n, data, (row, operands) => n.Step("truths", row, operands), n.IsWhole(data)));
    }

    /// <summary>Query i sees keys 0 to i + ahead.</summary>
    public void AddCausal(int ahead)
    {
        n.Reserve([Queries, Keys], DType.F32);
        AddKnown(Tensor.Create(Shape.Of(Queries, Keys),
            [.. Enumerable.Range(0, Queries).SelectMany(i => Enumerable.Range(0, Keys).Select(key => key > i + ahead ? hidden : 0))]));
    }

    //  key j is seen by query i   where   length > j, and if it is causal, length > j + (queries - 1 - i)
    /// <summary>How many keys there are of each batch, as an input [batch].</summary>
    /// <param name="isCausal">The last query sees them all, each query before it one less.</param>
    public void AddLengths(int input, bool isCausal)
    {
        if (n.Shape(input).Count != scores[0])
            throw n.Mismatch($"{Counted.Of(n.Shape(input).Count, "length")} for {Counted.Of(scores[0], "batch", "batches")}");
        int rows = isCausal ? Queries : 1;
        n.Reserve([rows, Keys], DType.F32);
        float[] limits = [.. Enumerable.Range(0, rows).SelectMany(i => Enumerable.Range(0, Keys).Select(key => key + rows - 1 - i + 0.5f))];
        if (n.Known(input) is { } lengths)
        {
            n.Reserve([scores[0], rows, Keys], DType.F32);
            AddKnown(Tensor.Create(Shape.Of(scores[0], 1, rows, Keys),
                [.. lengths.Doubles().SelectMany(length => limits.Select(limit => length > limit ? 0 : hidden))]));
            return;
        }
        var each = n.Reshaped("lengths", n.AnyData(input), Shape.Of(scores[0], 1, 1, 1));
        _truths.Add(n.Step("within", NnBinary.Greater, [each, n.Floats("limits", Tensor.Create(Shape.Of(rows, Keys), limits))]));
    }

    /// <summary>The scores with all that is added and hidden.</summary>
    public Value Masked(Value products) => Masked(products, _known, hidden);

    /// <summary>What the masked scores are as weights: those of a query that sees no key are 0.</summary>
    public Value Weights(Value products)
    {
        if (!float.IsNegativeInfinity(hidden)) return Softmax(Masked(products));
        var (known, open) = Opened();
        var weights = Softmax(Masked(products, known, float.MinValue));
        return open is null ? weights : n.Step("open", NnBinary.Mul, [weights, open]);
    }

    private Value Softmax(Value seen) => n.Step("softmax", NnSoftmax.Softmax, [seen], ("axis", 3));

    private Value Masked(Value value, Tensor<float>? known, float unseen)
    {
        if (known is not null && Array.Exists(known.Data, v => v != 0))
            value = n.Step("masked", NnBinary.Add, [value, n.Floats("mask", known)]);
        foreach (var addend in _addends) value = n.Step("biased", NnBinary.Add, [value, addend]);
        return _truths.Count == 0 ? value
            : n.Step("seen", NnLookup.Where, [Truths(_truths), value, n.Floats("unseen", Tensor.Scalar(unseen))]);
    }

    /// <summary>What is known without rows that hide everything, and which rows are open; null where all are.</summary>
    private (Tensor<float>? Known, Value? Open) Opened()
    {
        bool[] isOpen = _known is null ? [] : [.. _known.Data.Chunk(_known.Shape[^1]).Select(row => Array.Exists(row, IsSeen))];
        var known = Array.TrueForAll(isOpen, open => open) ? _known : Tensor.Create(_known!.Shape,
            [.. _known.Data.Select((v, i) => isOpen[i / _known.Shape[^1]] ? v : 0)]);
        if (_truths.Count > 0)
        {
            Value[] truths = _known is null ? [.. _truths]
                : [.. _truths, n.Floats("known", Tensor.Create(_known.Shape, Array.ConvertAll(_known.Data, v => IsSeen(v) ? 1f : 0)))];
            var seen = Truths(truths);
            return (known, n.Step("any", NnReduce.Max, [seen], ("axes", new[] { seen.Type.Shape.Rank - 1 }), ("keepdims", true)));
        }
        if (ReferenceEquals(known, _known)) return (known, null);
        var rows = _known!.Shape.With(_known.Shape.Rank - 1, 1);
        return (known, n.Floats("rows", Tensor.Create(rows, Array.ConvertAll(isOpen, open => open ? 1f : 0))));

        static bool IsSeen(float addend) => !float.IsNegativeInfinity(addend);
    }

    private Value Truths(IReadOnlyList<Value> truths) => truths.Aggregate((a, b) => n.Step("both", NnBinary.Mul, [a, b]));

    private void AddKnown(Tensor<float> addend)
    {
        if (_known is null)
        {
            _known = addend;
            return;
        }
        var shape = Shape.Broadcast(_known.Shape, addend.Shape)!;
        n.Reserve(shape.Select(d => (long)d), DType.F32);
        float[] a = ((Tensor<float>)Moves.Broadcast(_known, shape)).Data, b = ((Tensor<float>)Moves.Broadcast(addend, shape)).Data;
        _known = Tensor.Create(shape, [.. a.Select((v, i) => v + b[i])]);
    }

    private Shape Padded(Shape shape) => shape[^1] is > 1 and var seen && seen < Keys ? shape.With(shape.Rank - 1, Keys) : shape;

    /// <summary>Numbers of 0 behind the keys that the mask has.</summary>
    private Tensor<float> Filled(Tensor<float> mask)
    {
        var shape = Padded(mask.Shape);
        if (shape == mask.Shape) return mask;
        int seen = mask.Shape[^1];
        n.Reserve(shape.Select(d => (long)d), DType.F32);
        return Tensor.Create(shape, [.. mask.Data.Chunk(seen).SelectMany(row => row.Concat(Enumerable.Repeat(0f, Keys - seen)))]);
    }

    private Value Filled(int input, Value mask)
    {
        var shape = Padded(mask.Type.Shape);
        if (shape == mask.Type.Shape) return mask;
        var before = new long[shape.Rank];
        long[] after = [.. shape.Select((d, axis) => (long)d - mask.Type.Shape[axis])];
        return n.Step($"mask{input}.filled", NnShape.Pad, [mask], ("before", before), ("after", after), ("value", 0.0));
    }
}
