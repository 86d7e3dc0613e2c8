using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  y = data; y[places[u]] = updates[u]   ⇒   at[u, p] = [places[u] is p]      y = where(Σ_u at[u], Σ_u at[u] · updates[u], data)
/// <summary>
/// Elements written at places that come with the data. A place is a product of one-hot rows, one for each index of it, so that nothing
/// is computed of an index but comparisons, which integers decide exactly.
/// </summary>
internal static class OnnxMovingWrites
{
    /// <summary>Comparisons, and products of updates with them.</summary>
    private const long MostPlaces = 1 << 22;

    /// <summary>Whether the places of a <c>ScatterND</c> are computed from the network's input.</summary>
    public static bool Is(OnnxNode n) => n.Has(1) && n.Known(1) is null;

    public static Entry[] Import(OnnxNode n)
    {
        Shape data = n.Shape(), indices = n.Shape(1);
        int depth = indices.Rank > 0 ? indices[^1] : 0;
        if (depth < 1 || depth > data.Rank) throw n.Mismatch($"indices {indices} beside data {data}");
        Shape named = Shape.Of(data.Take(depth)), slice = Shape.Of(data.Skip(depth));
        var written = Shape.Of([.. indices.SkipLast(1), .. slice]);
        if (n.Shape(2) != written) throw n.Mismatch($"updates {n.Shape(2)} where the indices name {written}");
        int count = (int)Shape.Of(indices.SkipLast(1)).Count, places = (int)named.Count, size = (int)slice.Count;
        if ((long)count * places > MostPlaces / size)
            throw n.Refused($"the places in {data} come with the network's input, and each is compared with all that there are",
                $"the limit of comparisons is {MostPlaces}");
        n.Note("where it writes comes with the data: an index outside writes nothing, a place that is named twice gets the sum");
        var at = At(n, count, named);
        var hit = n.Reshaped("hit.places", n.Step("hit", NnReduce.Sum, [at], ("axes", new[] { 0 })), Shape.Of(places, 1));
        Value[] factors =
        [
            n.Reshaped("places.column", at, Shape.Of(count, places, 1)),
            n.Reshaped("updates.rows", n.AnyData(2), Shape.Of(count, 1, size)),
        ];
        var sum = n.Step("written", NnReduce.Sum, [n.Step("each", NnBinary.Mul, factors)], ("axes", new[] { 0 }));
        var chosen = n.Step("chosen", NnLookup.Where, [hit, sum, n.Reshaped("data.rows", n.AnyData(), Shape.Of(places, size))]);
        return n.Moved(n.Emit(NnShape.Reshape, [chosen], ("shape", data)), n.Input());
    }

    /// <summary>[updates, places]: 1 where an update is written, else 0.</summary>
    private static Value At(OnnxNode n, int count, Shape named)
    {
        var rows = n.Reshaped("index.rows", n.AnyData(1), Shape.Of(count, named.Rank));
        int[] strides = named.Strides();
        Value? at = null;
        for (int axis = 0; axis < named.Rank; axis++)
        {
            var column = n.Step($"index{axis}.column", NnShape.Slice, [rows], ("begin", new[] { 0, axis }),
                ("end", new[] { count, axis + 1 }), ("strides", new[] { 1, 1 }));
            var index = n.Reshaped($"index{axis}", column, Shape.Of(count));
            float[] own = [.. Enumerable.Range(0, (int)named.Count).Select(p => (float)(p / strides[axis] % named[axis]))];
            var here = n.Step($"here{axis}", NnLookup.Take,
                [OneHot(n, axis, index, named[axis]), n.Floats($"here{axis}.places", Tensor.Vector(own))], ("axis", 1));
            at = at is null ? here : n.Step($"at{axis}", NnBinary.Mul, [at, here]);
        }
        return at!;
    }

    /// <summary>[updates, size]; an index below 0 counts from the end.</summary>
    private static Value OneHot(OnnxNode n, int axis, Value index, int size)
    {
        return n.Step($"one_hot{axis}", NnBinary.Add, [Is("from_start", 0), Is("from_end", -size)]);

        Value Is(string which, long first)
        {
            string step = $"one_hot{axis}.{which}";
            return IndexRows.OneHot(n, step, index, 1, size, first, (row, operands) => n.Step(step, row, operands));
        }
    }
}
