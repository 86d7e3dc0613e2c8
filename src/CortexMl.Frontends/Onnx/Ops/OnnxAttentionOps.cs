using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Attention;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  softmax(Q · Kᵀ · scale, masked) · V of each head
/// <summary>Attention in one operator, ONNX's and ONNX Runtime's.</summary>
internal static class OnnxAttentionOps
{
    private const string Heads = "heads apart by nn.reshape and nn.transpose; nn.matmul, nn.softmax, nn.matmul";

    public static readonly OnnxOp[] Rows =
    [
        new("Attention", $"{Heads}; masks as nn.add of what is known and nn.where of data; past and present by nn.concat")
        {
            Import = Plain,
        },
        new(OnnxOp.Microsoft + "MultiHeadAttention", $"{Heads}; queries, keys and values as three inputs") { Import = MultiHead },
        new(OnnxOp.Microsoft + "Attention", $"nn.dense for each of queries, keys and values, then {Heads}; constant weights, without past")
        {
            Import = Projected,
        },
        OnnxOp.Refused(OnnxOp.Microsoft + "GroupQueryAttention",
            "where it writes into its cache of keys and values comes with the data; export it as ONNX's own Attention"),
    ];

    private static Entry[] Plain(OnnxNode n)
    {
        const int Mask = 3, PastKey = 4, PastValue = 5, Lengths = 6;
        var a = n.Attributes;
        bool isCausal = a.Bool("is_causal", false), countsAll = isCausal && n.Has(Lengths) && !n.Has(PastKey);
        var query = AttentionHeads.Apart(n, "query", n.Data(0), a.Int("q_num_heads", 0));
        var key = Joined(n, PastKey, 1, AttentionHeads.Apart(n, "key", n.Data(1), a.Int("kv_num_heads", 0)));
        var value = Joined(n, PastValue, 2, AttentionHeads.Apart(n, "value", n.Data(2), a.Int("kv_num_heads", 0)));
        var heads = new AttentionHeads(n, query, key, value);
        var mask = new AttentionMask(n, heads.Scores);
        if (n.Has(Mask)) mask.Add(Mask);
        if (n.Has(Lengths)) mask.AddLengths(Lengths, countsAll);
        if (isCausal && !countsAll) mask.AddCausal(PastOf(n, PastKey));
        var products = heads.Products(a.Float("scale", 1 / Math.Sqrt(heads.Size)));
        var capped = Capped(n, products, a.Float("softcap", 0));
        var weights = mask.Weights(capped);
        List<Entry> results = [Result(n, heads, weights, n.Rank == 3), Entry.Of(n.OutputName(1), key), Entry.Of(n.OutputName(2), value)];
        if (n.Gives(3)) results.Add(Entry.Of(n.OutputName(3), a.Int("qk_matmul_output_mode", 0) switch
        {
            0 => products,
            1 => capped,
            2 => mask.Masked(capped),
            3 => weights,
            _ => throw a.Unsupported("qk_matmul_output_mode", "0 to 3"),
        }));
        return [.. results];
    }

    private static Entry[] MultiHead(OnnxNode n)
    {
        const int Bias = 3, Padding = 4, Addend = 5, PastKey = 6, PastValue = 7;
        if (!n.Has(1) || !n.Has(2)) throw n.Refused("queries, keys and values are packed into one input", "three inputs are supported");
        if (n.Has(8) || n.Has(9))
            throw n.Refused("its past lies in a longer buffer (input 8 or 9)", "a past of which every key is there is supported");
        long count = n.Attributes.Int("num_heads", 0);
        Value[] data = [n.Data(0), n.Data(1), n.Data(2)];
        if (n.Has(Bias)) data = Biased(n, Bias, data);
        var query = AttentionHeads.Apart(n, "query", data[0], count);
        var key = Joined(n, PastKey, 1, AttentionHeads.Apart(n, "key", data[1], count));
        var value = Joined(n, PastValue, 2, AttentionHeads.Apart(n, "value", data[2], count));
        var result = OfMicrosoft(n, new AttentionHeads(n, query, key, value), Padding, Addend, PastOf(n, PastKey));
        return [result, Entry.Of(n.OutputName(1), key), Entry.Of(n.OutputName(2), value)];
    }

    //  input · [Wq, Wk, Wv] + [bq, bk, bv]
    private static Entry[] Projected(OnnxNode n)
    {
        const int Bias = 2, Mask = 3, Past = 4, Addend = 5;
        var a = n.Attributes;
        a.Require("do_rotary", 0);
        if (n.Has(Past) || n.Wants(1)) throw n.Refused("it has a past of keys and values", "it is supported without");
        var weight = n.Constant(1, "the weight").ToFloat();
        if (n.Rank != 3 || weight.Shape.Rank != 2) throw n.Mismatch($"data {n.Shape()} and weight {weight.Shape} are not of rank 3 and 2");
        long[] sizes = a.Ints("qkv_hidden_sizes") ?? [.. Enumerable.Repeat(weight.Shape[1] / 3L, 3)];
        if (sizes.Length != 3 || sizes.Any(s => s < 1 || s > weight.Shape[1]) || sizes.Sum() != weight.Shape[1])
            throw n.Mismatch($"[{string.Join(", ", sizes)}] does not split {Counted.Of(weight.Shape[1], "column")}");
        float[]? bias = n.Has(Bias) ? n.Constant(Bias, "the bias").ToFloat().Data : null;
        if (bias is not null && bias.Length != weight.Shape[1])
            throw n.Mismatch($"bias of {bias.Length} does not fit {Counted.Of(weight.Shape[1], "column")}");
        int at = 0;
        Value[] parts = [.. new[] { "query", "key", "value" }.Zip(sizes, (step, size) => Part(step, (int)size))];
        var heads = new AttentionHeads(n, parts[0], parts[1], parts[2]);
        return [OfMicrosoft(n, heads, Mask, Addend, 0)];

        Value Part(string step, int size)
        {
            var columns = (Tensor<float>)Moves.Transpose(Moves.Slice(weight, [0, at], [weight.Shape[0], size], [1, 1]), [1, 0]);
            List<Value> operands = [n.Data(), n.Floats($"{step}.weight", columns)];
            if (bias is not null) operands.Add(n.Floats($"{step}.bias", Tensor.Vector(bias.AsSpan(at, size).ToArray())));
            at += size;
            return AttentionHeads.Apart(n, step, n.Step(step, NnConv.Dense, operands), a.Int("num_heads", 0));
        }
    }

    /// <summary>The result as ONNX Runtime's operators have it: heads beside each other, and masks that add a number of the file.</summary>
    private static Entry OfMicrosoft(OnnxNode n, AttentionHeads heads, int padding, int addend, int past)
    {
        var a = n.Attributes;
        var scores = heads.Scores;
        var mask = new AttentionMask(n, scores, (float)a.Float("mask_filter_value", -10000));
        if (n.Has(padding)) AddPadding(n, mask, padding, scores);
        if (n.Has(addend)) mask.Add(addend);
        if (a.Bool("unidirectional", false)) mask.AddCausal(past);
        double scale = a.Float("scale", 0);
        var products = heads.Products(scale == 0 ? 1 / Math.Sqrt(heads.Size) : scale);
        return Result(n, heads, mask.Weights(products), true);
    }

    private static void AddPadding(OnnxNode n, AttentionMask mask, int input, Shape scores)
    {
        var shape = n.Shape(input);
        if (shape.Rank == 1 && shape[0] == scores[0]) mask.AddLengths(input, isCausal: false);
        else if (shape.Rank == 2) mask.Add(input, Shape.Of(shape[0], 1, 1, shape[1]));
        else if (shape.Rank == 3) mask.Add(input, Shape.Of(shape[0], 1, shape[1], shape[2]));
        else
            throw n.Refused($"a mask {shape} is not supported",
                "lengths [batch], or truths [batch, keys] or [batch, queries, keys], are supported");
    }

    private static Entry Result(OnnxNode n, AttentionHeads heads, Value weights, bool isFlat) =>
        Entry.Of(n.OutputName(0), isFlat ? AttentionHeads.Joined(n, heads.Sums(weights, last: false)) : heads.Sums(weights, last: true));

    /// <summary>What was there before, and behind it what is new: the output that holds the present, if there is one.</summary>
    private static Value Joined(OnnxNode n, int past, int output, Value present)
    {
        if (!n.Has(past)) return present;
        string name = n.Gives(output) ? n.OutputName(output) : $"{n.Name}.present{output}";
        return n.EmitAs(name, NnShape.Concat, [n.Data(past), present], ("axis", 2));
    }

    private static int PastOf(OnnxNode n, int past) => n.Has(past) ? n.Shape(past)[2] : 0;

    //  softcap · tanh(scores / softcap)
    private static Value Capped(OnnxNode n, Value scores, double softcap)
    {
        if (softcap == 0) return scores;
        if (!(softcap > 0)) throw n.Attributes.Unsupported("softcap", "0 or more");
        var bent = n.Step("bent", NnUnary.Tanh, [n.Step("reduced", NnBinary.Mul, [scores, n.Scalar(1 / softcap)])]);
        return n.Step("capped", NnBinary.Mul, [bent, n.Scalar(softcap)]);
    }

    /// <summary>One bias, of queries, keys and values one behind the other; those with heads apart have none.</summary>
    private static Value[] Biased(OnnxNode n, int input, Value[] data)
    {
        long at = 0;
        for (int i = 0; i < data.Length; i++)
        {
            if (data[i].Type.Shape.Rank != 3) continue;
            long size = data[i].Type.Shape[2];
            if (n.Shape(input).Rank != 1 || at + size > n.Shape(input)[0])
                throw n.Mismatch($"bias {n.Shape(input)} does not fit {string.Join(", ", data.Select(d => d.Type.Shape))}");
            var part = n.Step($"bias{i}", NnShape.Slice, [n.Data(input)], ("begin", new[] { at }), ("end", new[] { at + size }),
                ("strides", new[] { 1 }));
            data[i] = n.Step($"biased{i}", NnBinary.Add, [data[i], part]);
            at += size;
        }
        return data;
    }
}
