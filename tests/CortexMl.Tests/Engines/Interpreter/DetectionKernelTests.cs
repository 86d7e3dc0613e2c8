using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class DetectionKernelTests
{
    private static Tensor<int> Rows(int batches, params int[][] rows) =>
        Tensor.Create(Shape.Of(batches, rows.Length / batches, rows[0].Length), [.. rows.SelectMany(row => row)]);

    private static int[][] Split(Tensor<int> rows) => [.. rows.Data.Chunk(rows.Shape[^1])];

    private static int[][] Suppress(
        InterpreterOptions options, Tensor<int> rows, int[] valid, params (string, AttributeValue)[] attributes) =>
        Split(Interpret.Results(options, CvmDetection.NonMaxSuppression, Attributes.Of(attributes), rows, Tensor.Vector(valid))[0]);

    private static readonly int[] None = [-1, -1, -1, -1, -1, -1];

    [Fact]
    public void Valid_counts_gather_rows_above_the_threshold()
    {
        var rows = Rows(2, [1, 5], [2, 6], [3, 9], [4, 0], [5, 1], [6, 7]);
        var results = Interpret.Results(new(), CvmDetection.GetValidCounts, Attributes.Of(("score_threshold", 5)), rows);
        Assert.Equal([2, 1], results[0].Data);
        Assert.Equal([[2, 6], [3, 9], [-1, -1], [6, 7], [-1, -1], [-1, -1]], Split(results[1]));
    }

    [Fact]
    public void Rows_that_overlap_a_better_one_of_their_id_are_dropped()
    {
        int[] best = [0, 90, 0, 0, 10, 10], overlapping = [0, 80, 0, 0, 10, 9], other = [1, 70, 0, 0, 10, 10],
        apart = [0, 60, 20, 20, 30, 30];
        Assert.Equal([best, other, apart, None], Suppress(new(), Rows(1, apart, overlapping, other, best), [4]));
        Assert.Equal([best, apart, None, None], Suppress(new(), Rows(1, apart, overlapping, other, best), [4], ("force_suppress", true)));
    }

    [Fact]
    public void Equal_scores_keep_their_order() =>
        Assert.Equal([[2, 5, 0, 0, 1, 1], [1, 5, 0, 0, 1, 1]], Suppress(new(), Rows(1, [2, 5, 0, 0, 1, 1], [1, 5, 0, 0, 1, 1]), [2]));

    [Fact]
    public void Overlap_counts_from_the_threshold_on()
    {
        // Intersection 50, union 150: 33 percent.
        int[] a = [0, 9, 0, 0, 10, 10], b = [0, 8, 5, 0, 15, 10];
        Assert.Equal([a, None], Suppress(new(), Rows(1, a, b), [2], ("iou_threshold", 33)));
        Assert.Equal([a, b], Suppress(new(), Rows(1, a, b), [2], ("iou_threshold", 34)));
    }

    [Fact]
    public void Limits_of_0_keep_nothing_by_the_definition()
    {
        var rows = Rows(1, [0, 9, 0, 0, 1, 1], [0, 8, 5, 5, 6, 6]);
        Assert.Equal([None, None], Suppress(new(), rows, [2], ("top_k", 0)));
        Assert.Equal([None, None], Suppress(new(), rows, [2], ("max_output_size", 0)));
        Assert.Equal([[0, 9, 0, 0, 1, 1], [0, 8, 5, 5, 6, 6]], Suppress(Interpret.ReferenceCpu, rows, [2], ("max_output_size", 0)));
    }

    [Fact]
    public void Batches_are_independent_by_the_definition_and_end_at_an_empty_one_on_the_cpu_device()
    {
        int[] row = [0, 9, 0, 0, 1, 1];
        Assert.Equal([None, row], Suppress(new(), Rows(2, row, row), [0, 1]));
        Assert.Equal([None, [0, 0, 0, 0, 0, 0]], Suppress(Interpret.ReferenceCpu, Rows(2, row, row), [0, 1]));
    }

    [Fact]
    public void Rows_of_negative_id_suppress_others_on_the_cpu_device_alone()
    {
        int[] negative = [-1, 9, 0, 0, 10, 10], row = [0, 8, 0, 0, 10, 10];
        Assert.Equal([row, None], Suppress(new(), Rows(1, negative, row), [2], ("force_suppress", true)));
        Assert.Equal([None, None], Suppress(Interpret.ReferenceCpu, Rows(1, negative, row), [2], ("force_suppress", true)));
    }

    [Fact]
    public void Cpu_device_looks_no_further_than_the_first_negative_id()
    {
        int[] best = [0, 9, 0, 0, 10, 10], negative = [-1, 8, 0, 0, 1, 1], same = [0, 7, 0, 0, 10, 10];
        Assert.Equal([best, None, None], Suppress(new(), Rows(1, best, negative, same), [3]));
        Assert.Equal([best, same, None], Suppress(Interpret.ReferenceCpu, Rows(1, best, negative, same), [3]));
    }

    [Fact]
    public void Cpu_device_overwrites_rows_beyond_top_k_of_its_input()
    {
        var build = new GraphBuilder("nms", Level.Cvm);
        var data = build.Input("data", TensorType.Integer(8, Shape.Of(1, 2, 6)));
        var valid = build.Input("valid", TensorType.Integer(8, Shape.Of(1)));
        build.Output(build.Op(CvmDetection.NonMaxSuppression, [data, valid], Attributes.Of(("top_k", 1))));
        build.Output(data);
        using var executable = new InterpreterEngine(Interpret.ReferenceCpu).Prepare(build.Build());
        int[] worse = [0, 5, 0, 0, 1, 1], better = [0, 9, 5, 5, 6, 6];
        var results = executable.Run([Rows(1, worse, better), Tensor.Vector(2)]);
        Assert.Equal([better, None], Split(results[0]));
        Assert.Equal([None, better], Split(results[1]));
    }

    [Fact]
    public void Profiles_agree_on_portable_rows() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 50], Gen.Int[0, 20], Gen.Int[0, 20], Gen.Int[1, 20], Gen.Int[1, 20])
            .Select((id, score, x, y, w, h) => (int[])[id, score, x, y, x + w, y + h]).Array[2, 12]
            .SelectMany(rows => Gen.Select(Gen.Const(rows), Gen.Int[1, rows.Length], Gen.Bool, Gen.Int[-1, 3]))
            .Sample((rows, valid, force, most) =>
            {
                (string, AttributeValue)[] attributes = [("force_suppress", force), ("max_output_size", most == 0 ? -1 : most)];
                Assert.Equal(Suppress(Interpret.ReferenceCpu, Rows(1, rows), [valid], attributes),
                    Suppress(new(), Rows(1, rows), [valid], attributes));
            }, iter: 100);
}
