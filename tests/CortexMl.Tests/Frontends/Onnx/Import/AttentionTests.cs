using System.Runtime.InteropServices;
using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Attention in one operator, and turning by position, against ONNX Runtime on the file.</summary>
public class AttentionTests
{
    private const string Microsoft = "com.microsoft";

    private const int Truth = 9;

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 2)]
    [InlineData(4, 1)]
    public void Heads_of_their_own_and_shared(int heads, int keyHeads) => Agrees(Plain(
        [2, heads, 3, 8], [2, keyHeads, 5, 8], [2, keyHeads, 5, 6], Node("Attention", "x k v", "y")));

    [Fact]
    public void Heads_beside_each_other_with_scale_and_cap() => Agrees(Plain(
        [2, 3, 16], [2, 5, 8], [2, 5, 8],
        Node("Attention", "x k v", "y", Int("q_num_heads", 4), Int("kv_num_heads", 2), Number("scale", 0.5f), Number("softcap", 2))));

    [Fact]
    public void A_causal_mask_and_one_of_numbers() => Agrees(Plain(
        [1, 2, 4, 8], [1, 2, 4, 8], [1, 2, 4, 8], Node("Attention", "x k v mask", "y", Int("is_causal", 1)))
        .With(Numbers("mask", [4, 4])));

    [Fact]
    public void Past_and_present()
    {
        var model = Plain([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 4], Node("Attention", "x k v _ pk pv", "y ok ov", Int("is_causal", 1)));
        model.Graph.Input.Add([Info("pk", [1, 2, 2, 4]), Info("pv", [1, 2, 2, 4])]);
        model.Graph.Output.Add([Info("ok", []), Info("ov", [])]);
        Agrees(model);
    }

    [Fact]
    public void Truths_of_the_data_hide_keys()
    {
        var model = Plain(
            [1, 2, 4, 8], [1, 2, 4, 8], [1, 2, 4, 8], Node("Cast", "m", "mask", Int("to", Truth)), Node("Attention", "x k v mask", "y"));
        model.Graph.Input.Add(Info("m", [4, 4]));
        Agrees(model, i => i == 3 ? at => at % 3 == 0 ? 0 : 1 : null);
    }

    [Fact]
    public void A_query_that_sees_no_key_gives_zeros()
    {
        var model = Plain([1, 1, 2, 4], [1, 1, 3, 4], [1, 1, 3, 4], Node("Attention", "x k v mask", "y"))
            .With(Raw("mask", DataType.Bool, [2, 3], [0, 0, 0, 1, 0, 1]));
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        var found = session.Run(Original.Signed(graph, 5))[0];
        Assert.Equal([0f, 0, 0, 0], found.Data[..4]);
        Assert.DoesNotContain(found.Data[4..], v => v == 0 || float.IsNaN(v));
    }

    [Theory]
    [InlineData("x k v", 0)]
    [InlineData("x k v bias", 0)]
    [InlineData("x k v bias lengths", 0)]
    [InlineData("x k v _ keys", 0)]
    [InlineData("x k v _ _ addend", 1)]
    public void Three_inputs_of_ONNX_Runtime(string inputs, int isCausal)
    {
        var node = Node("MultiHeadAttention", inputs, "y", Int("num_heads", 2), Int("unidirectional", isCausal));
        Agrees(Plain([2, 4, 8], [2, 4, 8], [2, 4, 8], node).With(
            Numbers("bias", [24]), Whole("lengths", [2], 3, 2), Whole("keys", [2, 4], 1, 1, 0, 1, 1, 0, 1, 1),
            Numbers("addend", [1, 2, 4, 4])));
    }

    [Theory]
    [InlineData("x w b", 0)]
    [InlineData("x w b lengths", 0)]
    [InlineData("x w b keys", 1)]
    public void Layers_for_queries_keys_and_values(string inputs, int isCausal)
    {
        var node = Node("Attention", inputs, "y", Int("num_heads", 2), Int("unidirectional", isCausal));
        node.Domain = Microsoft;
        Agrees(Model(17, [2, 4, 6], node).With(
            Numbers("w", [6, 24]), Numbers("b", [24]), Whole("lengths", [2], 3, 4), Whole("keys", [2, 4], 1, 1, 0, 1, 1, 1, 1, 0)));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    public void Turning_by_position(int isInterleaved, int turned)
    {
        int half = turned == 0 ? 4 : turned / 2;
        AttributeProto[] attributes =
            [Int("interleaved", isInterleaved), Int("rotary_embedding_dim", turned), .. turned == 0 ? [] : new[] { Int("num_heads", 2) }];
        TensorProto[] caches = [Numbers("cos", [9, half]), Numbers("sin", [9, half])];
        Agrees(Model(23, [2, 2, 3, 8], Node("RotaryEmbedding", "x cos sin at", "y", attributes))
            .With([.. caches, Raw("at", DataType.Int64, [2, 3], Bytes(0, 5, 8, 1, 2, 3))]));
        var node = Node("RotaryEmbedding", "x from cos sin", "y", attributes);
        node.Domain = Microsoft;
        Agrees(Model(17, [2, 3, 16], node).With([.. caches, Longs("from", 4)]));
    }

    [Fact]
    public void A_position_without_a_row_is_told()
    {
        var model = Model(23, [1, 2, 2, 8], Node("RotaryEmbedding", "x cos sin at", "y"))
            .With(Numbers("cos", [9, 4]), Numbers("sin", [9, 4]), Raw("at", DataType.Int64, [1, 2], Bytes(3, 9)));
        Assert.Contains("a position lies outside the 9 rows of the cosines", Told(model), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 1, 3, 4, 8 }, "queries [1, 3, 4, 8], keys [1, 2, 4, 8] and values [1, 2, 4, 8] do not fit each other")]
    [InlineData(new long[] { 1, 4, 9 }, "query [1, 4, 9] cannot be split into 0 heads")]
    public void Shapes_that_do_not_fit_are_told(long[] queries, string message)
    {
        var model = Plain(queries, [1, 2, 4, 8], [1, 2, 4, 8], Node("Attention", "x k v", "y"));
        Assert.Contains(message, Told(model), StringComparison.Ordinal);
    }

    private static string Told(ModelProto model) => Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics[0].Message;

    /// <summary>Queries x, keys k, values v; nodes of ONNX Runtime's are told by their name.</summary>
    private static ModelProto Plain(long[] queries, long[] keys, long[] values, params NodeProto[] nodes)
    {
        foreach (var node in nodes) if (node.OpType == "MultiHeadAttention") node.Domain = Microsoft;
        var model = Model(23, queries, nodes);
        model.Graph.Input.Add([Info("k", keys), Info("v", values)]);
        return model;
    }

    /// <param name="exact">Of some inputs, the number at each place; others are random.</param>
    private static void Agrees(ModelProto model, Func<int, Func<int, float>?>? exact = null)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = Microsoft, Version = 1 });
        foreach (var node in model.Graph.Node)
            for (int i = 0; i < node.Input.Count; i++)
                if (node.Input[i] == "_") node.Input[i] = "";
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Tensor<float>[] data = [.. Original.Signed(graph, 3).Select((tensor, i) => exact?.Invoke(i) is { } number
            ? Tensor.Create(tensor.Shape, [.. Enumerable.Range(0, tensor.Length).Select(number)]) : tensor)];
        Original.Agrees(folder["model.onnx"], graph, data);
    }

    private static TensorProto Numbers(string name, long[] dims) => Floats(name, dims,
        [.. Enumerable.Range(0, (int)dims.Aggregate(1L, (a, b) => a * b)).Select(i => (i * 7 % 11 - 5) / 8f)]);

    private static TensorProto Whole(string name, long[] dims, params int[] data) =>
        Raw(name, DataType.Int32, dims, MemoryMarshal.AsBytes(data.AsSpan()));

    private static byte[] Bytes(params long[] data) => MemoryMarshal.AsBytes(data.AsSpan()).ToArray();

    private static AttributeProto Number(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };
}
