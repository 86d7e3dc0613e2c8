using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Every operator with attributes, constants and ranks that nobody would write: a graph that ONNX Runtime runs or a diagnostic,
/// and nothing else.</summary>
public class OddNodeTests
{
    private const int MostInputs = 4, Nodes = 100;

    private static readonly int[] s_counts = [0, 1, 2, 4, 8], s_opsets = [6, 9, 13, 17, 21];

    private static readonly long[][] s_shapes = [[1, 2, 4, 4], [1, 2, 4], [2, 3], [1], []];

    private static readonly long[] s_numbers = [0, -1, 1, 2, 3, 7, int.MaxValue, int.MinValue, long.MaxValue, long.MinValue];

    /// <summary>Every attribute of integers that an importer reads.</summary>
    private static readonly string[] s_attributes =
    [
        "axis", "axes", "kernel_shape", "strides", "pads", "dilations", "group", "output_padding", "output_shape", "perm", "shape", "split",
        "num_outputs", "starts", "ends", "to", "start", "end",
        "blocksize", "size", "keepdims", "k", "dtype", "batch_dims", "p", "ceil_mode", "count_include_pad", "transA", "upper", "allowzero",
        "noop_with_empty_axes", "mode", "auto_pad", "value", "num_heads", "q_num_heads", "kv_num_heads", "is_causal",
        "qk_matmul_output_mode", "qkv_hidden_sizes", "unidirectional", "interleaved", "rotary_embedding_dim",
    ];

    public static TheoryData<string> Operators => [.. OnnxOps.Rows.Where(r => r.Refusal is null).Select(r => r.Name)];

    /// <summary>Null where the model is refused.</summary>
    private static Graph? Import(string path)
    {
        try
        {
            return OnnxImporter.Import(path, new ImportOptions { MaxMemory = 1 << 20 });
        }
        catch (DiagnosticException)
        {
            return null;
        }
    }

    [Theory]
    [MemberData(nameof(Operators))]
    public void Odd_nodes_are_taken_or_told(string op)
    {
        using var folder = new TemporaryFolder();
        var random = new Random(1);
        for (int i = 0; i < Nodes; i++)
        {
            string attribute = Pick(s_attributes);
            long[] constant = [.. Enumerable.Repeat(Pick(s_numbers), Pick(s_counts))];
            var odd = random.Next(2) == 0 ? Int(attribute, Pick(s_numbers)) : Ints(attribute, Pick(s_numbers), Pick(s_numbers));
            // Now and then even the first operand is a constant.
            long[]? shape = random.Next(4) == 0 ? null : Pick(s_shapes);
            string inputs = string.Join(
                ' ', Enumerable.Range(0, random.Next(1, MostInputs + 1)).Select(at => at == 0 && shape is not null ? "x" : $"c{at}"));
            var model = Model(Pick(s_opsets), shape ?? [1], Node(op, inputs, "y", odd))
                .With([.. Enumerable.Range(0, MostInputs).Select(at => Longs($"c{at}", constant))]);
            if (Import(folder.Write("odd.onnx", model.ToByteArray())) is { } graph) FloatRuns.Check(graph);
        }

        T Pick<T>(T[] from) => from[random.Next(from.Length)];
    }
}
