using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines;

/// <summary>What every engine computes as the interpreter does: operators, attributes and shapes, once for all engines.</summary>
public abstract class EngineContract
{
    /// <summary>Graphs of each operator.</summary>
    internal const int OperatorSeeds = 12;

    public static TheoryData<string> Rows => [.. OperatorGraphs.Rows.Select(r => r.Name)];

    /// <summary>Fails where the engine's numbers are not the interpreter's.</summary>
    protected abstract void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs);

    /// <summary>As <see cref="Check"/>, where there are many graphs.</summary>
    protected virtual void CheckOperator(Graph graph, IReadOnlyList<Tensor<int>> inputs) => Check(graph, inputs);

    private void Check(string text, int seed)
    {
        var graph = TextParser.ParseOne(text);
        Check(graph, Agreement.RandomInputs(graph, seed));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Operator_gives_the_interpreters_numbers(string row)
    {
        for (int seed = 0; seed < OperatorSeeds; seed++)
        {
            var graph = OperatorGraphs.Of(OpTable.Find(row)!, seed);
            CheckOperator(graph, Agreement.RandomInputs(graph, seed));
        }
    }

    [Theory]
    // One tile and many; channels and pixels that fill tiles and that do not.
    [InlineData("1, 16, 8, 8", "16, 16, 3, 3", "padding = [1, 1]")]
    [InlineData("1, 32, 8, 8", "64, 32, 1, 1", "strides = [1, 1]")]
    [InlineData("2, 32, 5, 7", "70, 32, 3, 3", "padding = [1, 1], strides = [2, 1]")]
    [InlineData("1, 5, 9, 9", "18, 5, 3, 2", "padding = [2, 0], dilation = [2, 2]")]
    [InlineData("1, 64, 8, 8", "24, 64, 2, 2", "strides = [1, 2]")]
    // Few channels, few pixels, one channel, a kernel that is not unrolled.
    [InlineData("1, 3, 4, 4", "3, 3, 3, 3", "padding = [1, 1]")]
    [InlineData("1, 1, 9, 9", "20, 1, 5, 5", "strides = [2, 2]")]
    [InlineData("1, 2, 9, 10", "5, 2, 8, 7", "padding = [3, 3]")]
    // Groups: the generator of single elements.
    [InlineData("1, 8, 6, 6", "8, 1, 3, 3", "groups = 8, padding = [1, 1]")]
    [InlineData("1, 6, 4, 4", "9, 2, 2, 2", "groups = 3")]
    public void Convolution_gives_the_interpreters_numbers(string data, string weight, string attributes)
    {
        int[] kernel = [.. weight.Split(", ").Select(int.Parse)];
        string given = $"{{channels = {kernel[0]}, kernel_size = [{kernel[2]}, {kernel[3]}], {attributes}}}";
        Check($$"""
            graph @g(%x: i8[{{data}}]) {
              @w: i8[{{weight}}] = random(3)
              @b: i12[{{kernel[0]}}] = random(4)
              @m: i6[{{kernel[0]}}, 1, 1] = random(5)
              %c = cvm.conv2d(%x, @w, @b) {{given}}
              %r = cvm.relu(%c)
              %p = cvm.broadcast_mul(%r, @m)
              %s = cvm.cvm_right_shift(%p) {precision = 8, shift_bit = 9}
              @v: i8[17, {{kernel[0]}}, 1, 1] = random(6)
              %d = cvm.conv2d(%s, @v) {channels = 17, kernel_size = [1, 1], use_bias = false}
              return %d, %s
            }
            """, seed: 8);
    }

    [Theory]
    [InlineData(1, 10, 7)]
    [InlineData(40, 33, 20)]
    public void Dense_layer_gives_the_interpreters_numbers(int rows, int columns, int units) => Check($$"""
        graph @g(%x: i8[{{rows}}, {{columns}}]) {
          @w: i8[{{units}}, {{columns}}] = random(3)
          @b: i20[{{units}}] = random(4)
          %d = cvm.dense(%x, @w, @b) {units = {{units}}}
          %y = cvm.cvm_right_shift(%d) {precision = 8, shift_bit = 7}
          @v: i8[3, {{units}}] = random(8)
          %e = cvm.dense(%y, @v) {units = 3, use_bias = false}
          return %e
        }
        """, seed: rows);

    [Theory]
    [InlineData("cvm.sum", "axis = [2, 3]")]
    [InlineData("cvm.max", "axis = [1, 3], keepdims = true")]
    [InlineData("cvm.sum", "axis = [2], exclude = true")]
    [InlineData("cvm.max", "")]
    public void Reduction_of_many_elements_gives_the_interpreters_numbers(string row, string attributes) => Check($$"""
        graph @g(%x: i9[2, 5, 18, 61]) {
          %r = {{row}}(%x) {{{attributes}}}
          %y = cvm.cvm_right_shift(%r) {precision = 8, shift_bit = 3}
          return %y
        }
        """, seed: 4);

    [Theory]
    [InlineData(nameof(EngineGraphs.Residual), 5)]
    [InlineData(nameof(EngineGraphs.ComputedWeights), 3)]
    [InlineData(nameof(EngineGraphs.FlattenedChannels), 3)]
    [InlineData(nameof(EngineGraphs.GlobalPooling), 5)]
    [InlineData(nameof(EngineGraphs.JoinedBranches), 2)]
    [InlineData(nameof(EngineGraphs.NegativeMaximum), 6)]
    public void Graph_gives_the_interpreters_numbers(string name, int seed) => Check(EngineGraphs.Named(name), seed);

    [Fact]
    public void Concatenation_of_many_operands_gives_the_interpreters_numbers()
    {
        string operands = string.Join(", ", Enumerable.Range(0, 40).Select(i => $"%x{i % 3}"));
        Check($$"""
            graph @g(%x0: i8[2, 3], %x1: i16[2, 1], %x2: i8[2, 2]) {
              %c = cvm.concatenate({{operands}}) {axis = 1}
              %r = cvm.relu(%c)
              return %r
            }
            """, seed: 1);
    }

    [Fact]
    public void Inputs_beyond_their_precision_are_taken_as_they_are()
    {
        int[] elements = [.. Enumerable.Range(0, 36).Select(i => (i * 1_000_003) - 7_000_000)];
        Check(TextParser.ParseOne(EngineGraphs.Residual), [Tensor.Create(Shape.Of(1, 4, 3, 3), elements)]);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(-127)]
    public void Largest_products_of_either_sign_are_exact(int element) => Check(
        TextParser.ParseOne("""
            graph @g(%x: i8[1, 4]) -> i19[1, 2] {
              @w: i8[2, 4] = [127, 127, 127, 127, -127, -127, -127, -127]
              %c = cvm.cvm_clip(%x) {precision = 8}
              %y = cvm.dense(%c, @w) {units = 2, use_bias = false}
              return %y
            }
            """), [Tensor.Create(Shape.Of(1, 4), Enumerable.Repeat(element, 4).ToArray())]);
}
