using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Attention;

/// <summary>
/// Queries, keys and values with their heads apart, [batch, heads, length, size], and the two products between them. There may be fewer
/// heads of keys and values than of queries: neighbouring heads of queries then share one, and stand one behind the other.
/// </summary>
internal sealed class AttentionHeads
{
    private readonly OnnxNode _n;

    private readonly Value _query, _key, _value;

    /// <exception cref="NodeException">The shapes do not fit each other.</exception>
    public AttentionHeads(OnnxNode n, Value query, Value key, Value value)
    {
        (_n, _query, _key, _value) = (n, query, key, value);
        Shape q = query.Type.Shape, k = key.Type.Shape, v = value.Type.Shape;
        if (q[0] != k[0] || k[0] != v[0] || k[1] != v[1] || k[2] != v[2] || q[3] != k[3] || q[1] % k[1] != 0)
            throw n.Mismatch($"queries {q}, keys {k} and values {v} do not fit each other",
                "[batch, heads, length, size] each; the heads of queries are a multiple of those of keys");
        Scores = Shape.Of(q[0], q[1], q[2], k[2]);
    }

    /// <summary>[batch, heads, queries, keys]</summary>
    public Shape Scores { get; }

    /// <summary>Numbers of each query and key.</summary>
    public int Size => _query.Type.Shape[3];

    //  [B, L, H · D]   ⇒   [B, H, L, D]
    /// <param name="heads">Read only where the data has three axes.</param>
    public static Value Apart(OnnxNode n, string step, Value data, long heads)
    {
        var shape = data.Type.Shape;
        if (shape.Rank == 4) return data;
        if (shape.Rank != 3 || heads < 1 || shape[2] % heads != 0)
            throw n.Mismatch($"{step} {shape} cannot be split into {Counted.Of(heads, "head")}");
        var apart = n.Step($"{step}.apart", NnShape.Reshape, [data], ("shape", new[] { shape[0], shape[1], heads, shape[2] / heads }));
        return n.Step($"{step}.heads", NnShape.Transpose, [apart], ("axes", new[] { 0, 2, 1, 3 }));
    }

    //  [B, H, L, D]   ⇒   [B, L, H · D]
    /// <summary>The node's result, its heads beside each other.</summary>
    public static Value Joined(OnnxNode n, Value data)
    {
        var turned = n.Step("turned", NnShape.Transpose, [data], ("axes", new[] { 0, 2, 1, 3 }));
        var shape = turned.Type.Shape;
        return n.Emit(NnShape.Reshape, [turned], ("shape", new[] { shape[0], shape[1], shape[2] * shape[3] }));
    }

    /// <summary>Q · Kᵀ, scaled.</summary>
    public Value Products(double scale)
    {
        var keys = _n.Step("keys", NnShape.Transpose, [_key], ("axes", new[] { 0, 1, 3, 2 }));
        var products = Apart("products", _n.Step("products", NnConv.MatMul, [Shared("queries", _query), keys]));
        return scale == 1 ? products : _n.Step("scaled", NnBinary.Mul, [products, _n.Scalar(scale)]);
    }

    /// <summary>The sum of values that each query's weights make.</summary>
    /// <param name="last">Whether it is the node's result.</param>
    public Value Sums(Value weights, bool last)
    {
        Value[] factors = [Shared("weights", weights), _value];
        if (last && !IsShared) return _n.Emit(NnConv.MatMul, factors);
        var sums = _n.Step("sums", NnConv.MatMul, factors);
        return last ? _n.Emit(NnShape.Reshape, [sums], ("shape", OfQueries(sums))) : Apart("sums", sums);
    }

    private bool IsShared => _query.Type.Shape[1] != _key.Type.Shape[1];

    //  [B, H, L, …]   ⇒   [B, heads of keys, H / heads of keys · L, …]
    private Value Shared(string step, Value data)
    {
        var shape = data.Type.Shape;
        int heads = _key.Type.Shape[1];
        return _n.Reshaped($"{step}.shared", data, Shape.Of(shape[0], heads, shape[1] / heads * shape[2], shape[3]));
    }

    private Value Apart(string step, Value data) => _n.Reshaped($"{step}.apart", data, OfQueries(data));

    private Shape OfQueries(Value data) => Shape.Of(Scores[0], Scores[1], Scores[2], data.Type.Shape[3]);
}
