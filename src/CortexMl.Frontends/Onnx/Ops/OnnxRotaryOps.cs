using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  (a, b)   ⇒   (a · cos - b · sin, a · sin + b · cos)
/// <summary>Pairs of numbers turned by an angle that grows with the position.</summary>
internal static class OnnxRotaryOps
{
    private const string Doc =
        "x times the cosines, and nn.take of each number's partner times the sines; positions are constants or come with the data";

    public static readonly OnnxOp[] Rows =
    [
        new("RotaryEmbedding", Doc) { Import = n => Turned(n, new(Cosines: 1, Sines: 2, Positions: 3)) },
        new(OnnxOp.Microsoft + "RotaryEmbedding", Doc)
        {
            Import = n =>
            {
                n.Attributes.Require("is_packed_batching", 0);
                if (n.Attributes.Float("scale", 1) != 1) throw n.Attributes.Unsupported("scale", "1");
                return Turned(n, new(Cosines: 2, Sines: 3, Positions: 1));
            },
        },
    ];

    private static Entry[] Turned(OnnxNode n, Inputs inputs)
    {
        bool isFlat = n.Rank == 3;
        if (n.Rank is not (3 or 4))
            throw n.Mismatch($"{n.Shape()} is neither [batch, length, heads · size] nor [batch, heads, length, size]");
        int half = n.Shape(inputs.Cosines) is { Rank: > 0 } cache ? cache[^1] : throw n.Mismatch("the cosines are one number");
        var data = isFlat ? Apart(n, half) : n.Data();
        int size = data.Type.Shape[3];
        long given = n.Attributes.Int("rotary_embedding_dim", 0), turned = given == 0 ? size : given;
        if (turned != 2L * half || turned > size)
            throw n.Mismatch($"{Counted.Of(half, "cosine")} for {turned} of {Counted.Of(size, "number")} that are turned");
        var pairs = new Pairs(half, n.Attributes.Bool("interleaved", false));
        var positions = n.Has(inputs.Positions) ? Positions(n, inputs, isFlat ? n.Shape()[1] : n.Shape()[2]) : null;
        Value cosines = Factors("cosines", inputs.Cosines, 1, _ => 1), sines = Factors("sines", inputs.Sines, 0, pairs.Sign);
        int[] partners = [.. Enumerable.Range(0, size).Select(i => i < turned ? pairs.Partner(i) : i)];
        var partner = n.Step("partners", NnLookup.Take, [data, Indices("partner", partners)], ("axis", 3));
        var kept = n.Step("kept", NnBinary.Mul, [data, cosines]);
        var crossed = n.Step("crossed", NnBinary.Mul, [partner, sines]);
        if (!isFlat) return n.Out(n.Emit(NnBinary.Add, [kept, crossed]));
        return n.Out(n.Emit(NnShape.Reshape, [n.Step("turned", NnBinary.Add, [kept, crossed])], ("shape", n.Shape())));

        // Of all numbers of a head; those that are not turned have cosine 1 and sine 0.
        Value Factors(string step, int input, double beyond, Func<int, float> sign)
        {
            var cache = n.Data(input);
            int last = cache.Type.Shape.Rank - 1;
            if (cache.Type.Shape != n.Shape(inputs.Cosines))
                throw n.Mismatch($"{step} {cache.Type.Shape} do not fit {n.Shape(inputs.Cosines)}");
            int[] columns = [.. Enumerable.Range(0, (int)turned).Select(pairs.Column)];
            var wide = n.Step($"{step}.wide", NnLookup.Take, [cache, Indices($"{step}.columns", columns)], ("axis", last));
            float[] signs = [.. Enumerable.Range(0, (int)turned).Select(sign)];
            if (Array.Exists(signs, s => s != 1))
                wide = n.Step($"{step}.signed", NnBinary.Mul, [wide, n.Floats($"{step}.signs", Tensor.Vector(signs))]);
            if (turned < size)
                wide = n.Step($"{step}.filled", NnShape.Pad, [wide], ("before", new long[last + 1]),
                    ("after", new long[last + 1].Select((_, axis) => axis == last ? size - turned : 0).ToArray()), ("value", beyond));
            if (positions is not null) wide = n.Step($"{step}.rows", NnLookup.Take, [wide, positions], ("axis", 0));
            // [batch, length, size] or [length, size], with an axis for the heads where the data has it.
            int rank = wide.Type.Shape.Rank;
            return !isFlat && rank == 2 ? wide
                : n.Step($"{step}.heads", NnShape.ExpandDims, [wide], ("axes", new[] { isFlat ? rank - 1 : 1 }));
        }

        Value Indices(string step, int[] indices) => n.Floats(step, Tensor.Vector(Array.ConvertAll(indices, i => (float)i)));
    }

    /// <summary>[batch, length, heads, size]</summary>
    private static Value Apart(OnnxNode n, int half)
    {
        var shape = n.Shape();
        long given = n.Attributes.Int("num_heads", 0), heads = given == 0 ? shape[2] / Math.Max(1, 2L * half) : given;
        if (heads < 1 || shape[2] % heads != 0) throw n.Mismatch($"{shape} cannot be split into {Counted.Of(heads, "head")}");
        return n.Reshaped("apart", n.Data(), Shape.Of(shape[0], shape[1], (int)heads, (int)(shape[2] / heads)));
    }

    /// <summary>[batch, length], or [length] where one position is said and the others follow it.</summary>
    private static Value Positions(OnnxNode n, Inputs inputs, int length)
    {
        var shape = n.Shape(inputs.Positions);
        int rows = n.Shape(inputs.Cosines)[0];
        bool isFirst = shape.Count == 1 && shape.Rank < 2;
        if (!isFirst && (shape.Rank != 2 || shape[1] != length)) throw n.Mismatch($"positions {shape} do not fit a length of {length}");
        if (n.Known(inputs.Positions) is { } known
            && Array.Exists(known.Doubles(), p => p < 0 || p + (isFirst ? length - 1 : 0) >= rows))
            throw n.Mismatch($"a position lies outside the {Counted.Of(rows, "row")} of the cosines");
        if (!isFirst) return n.AnyData(inputs.Positions);
        float[] steps = [.. Enumerable.Range(0, length).Select(i => (float)i)];
        return n.Step("positions", NnBinary.Add, [n.AnyData(inputs.Positions), n.Floats("following", Tensor.Vector(steps))]);
    }

    /// <summary>Which input is what.</summary>
    private sealed record Inputs(int Cosines, int Sines, int Positions);

    /// <summary>Which numbers are turned together: each and the one half a turn behind it, or neighbours.</summary>
    private sealed record Pairs(int Half, bool IsInterleaved)
    {
        public int Column(int at) => IsInterleaved ? at / 2 : at % Half;

        public int Partner(int at) => IsInterleaved ? at ^ 1 : (at + Half) % (2 * Half);

        public float Sign(int at) => (IsInterleaved ? at % 2 == 0 : at < Half) ? -1 : 1;
    }
}
