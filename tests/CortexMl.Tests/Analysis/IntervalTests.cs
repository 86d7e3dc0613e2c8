using CortexMl.Analysis;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Tensors;
using CortexMl.Text;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Analysis;

public sealed class IntervalTests
{
    [Fact]
    public void Whatever_a_graph_computes_lies_in_its_intervals() =>
        Gen.Select(GraphGenerator.At(Level.Cvm), Gen.Int[0, int.MaxValue]).Sample((graph, seed) =>
        {
            var ranges = Intervals.Of(graph);
            var outside = new List<string>();
            void Check(Value value, Tensor<int> data)
            {
                for (int i = 0; i < data.Length; i++)
                {
                    var range = ranges[value];
                    var part = range.Axis is { } axis ? range.At(IndexAlong(data.Shape, i, axis)) : range.All;
                    if (!part.Contains(data.Data[i])) outside.Add($"{value}: {data.Data[i]} outside {part}");
                }
            }
            using var executable = new InterpreterEngine(new InterpreterOptions { Observe = Check }).Prepare(graph);
            var random = new Random(seed);
            executable.Run([.. graph.Inputs.Select(input => RandomInput(input.Type, random))]);
            Assert.True(outside.Count == 0, $"{string.Join('\n', outside.Take(3))}\n{TextPrinter.Print(graph)}");
        }, iter: 2000);

    [Fact]
    public void Rows_and_columns_of_windows_are_not_those_of_the_data()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 1, 4, 4]) -> i12[1, 1, 12, 12] {
              @c: i12[4] = [0, 0, -1109, 1464]
              @d: i8[12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
              %a = cvm.broadcast_max(%x, @c)
              %b = cvm.upsampling(%a) {scale = 3}
              %y = cvm.broadcast_max(%b, @d)
              return %y
            }
            """);
        Assert.Equal(new Interval(-127, 1464), Intervals.Of(graph)[graph.Operations.Single(o => o.Result.Name == "b").Result].At(3, 0));
    }

    /// <summary>A text of a few lines names values of 2^24 channels: what is remembered of them must not grow with their size.</summary>
    [Fact]
    public void Huge_dimensions_cost_no_memory()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i3[1, 16777216]) -> i31[1, 3] {
              %a = cvm.relu(%x)
              %b = cvm.concatenate(%x, %a, %x) {axis = 0}
              %c = cvm.strided_slice(%x) {begin = [0, 0], end = [1, 8388608]}
              %d = cvm.strided_slice(%a) {begin = [0, 0], end = [1, 8388608]}
              %e = cvm.concatenate(%c, %d) {axis = 1}
              %f = cvm.dense(%e, %b) {units = 3, use_bias = false}
              return %f
            }
            """);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var ranges = Intervals.Of(graph);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.All(graph.Operations, o => Assert.Null(ranges[o.Results[0]].Axis));
    }

    [Fact]
    public void A_convolution_is_bounded_channel_by_channel()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 2, 1, 1]) -> i19[1, 2, 1, 1] {
              @w: i8[2, 2, 1, 1] = [1, -2, 3, 4]
              @b: i8[2] = [5, -6]
              %r = cvm.relu(%x)
              %y = cvm.conv2d(%r, @w, @b) {channels = 2, kernel_size = [1, 1]}
              return %y
            }
            """);
        var range = Intervals.Of(graph)[graph.Outputs[0]];
        Assert.Equal([new Interval(-2 * 127 + 5, 127 + 5), new Interval(-6, 7 * 127 - 6)], range.Parts.ToArray());
    }

    [Fact]
    public void A_multiplier_per_channel_meets_its_own_channel()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 2, 2, 2]) -> i16[1, 2, 2, 2] {
              @m: i8[2, 1, 1] = [1, 100]
              %y = cvm.broadcast_mul(%x, @m)
              return %y
            }
            """);
        Assert.Equal([new Interval(-127, 127), new Interval(-12700, 12700)], Intervals.Of(graph)[graph.Outputs[0]].Parts.ToArray());
    }

    [Fact]
    public void A_shift_rounds_its_bounds_half_up()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i4[1, 1]) -> i8[1, 1] {
              %y = cvm.cvm_right_shift(%x) {precision = 8, shift_bit = 1}
              return %y
            }
            """);
        // 7 / 2 = 3.5 → 4, -7 / 2 = -3.5 → -3
        Assert.Equal(new Interval(-3, 4), Intervals.Of(graph)[graph.Outputs[0]].All);
    }

    private static int IndexAlong(Shape shape, int flat, int axis) => flat / shape.Strides()[axis] % shape[axis];

    private static Tensor<int> RandomInput(TensorType type, Random random)
    {
        long bound = type.Element.Bound;
        var data = new int[type.Shape.Count];
        // Extremes as often as anything else: they are what bounds are about.
        for (int i = 0; i < data.Length; i++)
            data[i] = (int)(random.Next(3) switch { 0 => bound, 1 => -bound, _ => random.NextInt64(-bound, bound + 1) });
        return Tensor.Create(type.Shape, data);
    }
}
