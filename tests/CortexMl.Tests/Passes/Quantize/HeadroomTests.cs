using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>How far values with bits to spare reach beyond what calibration saw.</summary>
public class HeadroomTests
{
    [Theory]
    [InlineData("%y = nn.neg(%x) : f32[1, 4] within 0.5", double.PositiveInfinity)]
    [InlineData("%y = nn.relu(%x) : f32[1, 4] within 0.5", 2)]
    [InlineData("%y = nn.sigmoid(%x) : f32[1, 4] within 0.7", 1)]
    [InlineData("%y = nn.clip(%x) {min = -3, max = 2} : f32[1, 4] within 0.7", 3)]
    [InlineData("%s = nn.sigmoid(%x) : f32[1, 4] within 0.7\n"
        + "  %y = nn.slice(%s) {begin = [0, 0], end = [1, 2], strides = [1, 1]} : f32[1, 2] within 0.7", 1)]
    [InlineData("%s = nn.sigmoid(%x) : f32[1, 4] within 0.7\n  %y = nn.concat(%s, %x) {axis = 1} : f32[1, 8] within 2", 2)]
    [InlineData("%n = nn.neg(%x) : f32[1, 4] within 2\n  %y = nn.concat(%n, %x) {axis = 1} : f32[1, 8] within 2", double.PositiveInfinity)]
    public void What_operators_and_inputs_allow(string body, double limit) => Assert.Equal(limit, Headroom.Limit(Value(body)));

    [Theory]
    [InlineData("%y = nn.neg(%x) : f32[1, 4] within 0.5", 16, 4)]
    [InlineData("%y = nn.neg(%x) : f32[1, 4] within 0.5", 14, 1)]
    [InlineData("%y = nn.neg(%x) : f32[1, 4] within 0.5", 8, 0.5)]
    [InlineData("%y = nn.sigmoid(%x) : f32[1, 4] within 0.7", 16, 1)]
    [InlineData("%n = nn.neg(%x) : f32[1, 4] within 0.5\n  %y = nn.concat(%n, %n) {axis = 1} : f32[1, 8] within 0.5", 16, 4)]
    [InlineData("%n = nn.neg(%x) : f32[1, 4] within 0.5\n  %y = nn.concat(%n, %x) {axis = 1} : f32[1, 8] within 2", 16, 2 * 2)]
    public void What_an_output_reaches(string body, int precision, double reach) =>
        Assert.Equal(reach, Headroom.Output(Value(body), precision));

    // 15 bits reach four times as far as was seen, 8 no further; the output of 16 eight times.
    [Theory]
    [InlineData("bits = [15, 8], ", 7, 7)]
    [InlineData("bits = [15, 8], ", 12, 8.0625)]
    [InlineData("", 7, 2)]
    public void What_is_joined_reaches_as_far_as_its_reader(string bits, double number, double expected)
    {
        string attributes = "{" + bits + "kernel = [1, 1]}";
        var graph = TextParser.ParseOne($$"""
            graph @g(%data: f32[1, 1, 1, 1] within 15.875) {
              @a: f32[1, 1, 1, 1] = 1
              @w: f32[1, 2, 1, 1] = [1, 0]
              %x = nn.conv2d(%data, @a) {kernel = [1, 1]} : f32[1, 1, 1, 1] within 2
              %n = nn.neg(%x) : f32[1, 1, 1, 1] within 2
              %j = nn.concat(%x, %n) {axis = 1} : f32[1, 2, 1, 1] within 2
              %y = nn.conv2d(%j, @w) {{attributes}} : f32[1, 1, 1, 1] within 2
              return %y
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        Assert.Equal(expected, IntegerRun.Of(graph, [Tensor.Create(graph.Inputs[0].Type.Shape, [number])])[0][0], 0.02);
    }

    // Every value is joined with itself, and half of that is kept: paths double at each step.
    [Fact]
    public void A_part_is_looked_at_once()
    {
        const int Steps = 200;
        var build = new GraphBuilder("paths", Level.Float);
        var value = build.Input("x", TensorType.Float(1, 4) with { Threshold = 1 });
        value = Reaching(build, build.Op(NnUnary.Neg, [value]));
        for (int i = 0; i < Steps; i++)
        {
            var joined = Reaching(build, build.Op(NnShape.Concat, [value, value], Attributes.Of(("axis", 1))));
            var half = Attributes.Of(("begin", new[] { 0, 0 }), ("end", new[] { 1, 4 }), ("strides", new[] { 1, 1 }));
            value = Reaching(build, build.Op(NnShape.Slice, [joined], half));
        }
        Assert.Equal(double.PositiveInfinity, Headroom.Limit(value));
        Assert.Equal(8, Headroom.Output(value, 16));
    }

    private static Value Reaching(GraphBuilder build, Value value)
    {
        build.SetType(value, value.Type with { Threshold = 1 });
        return value;
    }

    private static Value Value(string body) => TextParser.ParseOne($$"""
        graph @g(%x: f32[1, 4] within 2) {
          {{body}}
          return %y
        }
        """).Outputs[0];
}
