using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>What looks like centred data and is none, and data that is not centred.</summary>
public class CentringGuardTests
{
    [Theory]
    [InlineData("[1, 2]", 1, true)]
    [InlineData("[1, 2]", 0, false)]
    [InlineData("[1, 2, 2]", 1, false)]
    public void Data_that_is_centred_is_not_always_zero_and_has_channels(string shape, int within, bool expected)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32{{shape}} within 1) {
              @w: f32[2, 2] = random(1)
              %r = nn.relu(%x) : f32{{shape}} within {{within}}
              %y = nn.dense(%r, @w)
              return %y
            }
            """);
        Assert.Equal(expected, CentredActivation.Applies(Find(graph, "y")));
        Assert.False(CentredActivation.Applies(Find(graph, "r")));
    }

    /// <summary>It would be zero no more.</summary>
    [Fact]
    public void A_clip_to_zero_is_no_relu_that_saturation_does()
    {
        var graph = Layers("clip(%a) {max = 0, min = 0}", "within 1");
        Assert.Equal(3 * 6 * 2, CentredActivation.Cost(Find(graph, "y")));
    }

    /// <summary>Bits that are decided for a relu are those of what takes its place; a difference reads data that has its own.</summary>
    [Theory]
    [InlineData("relu(%a)", "max", 6)]
    [InlineData("abs(%a)", "sub", null)]
    public void What_is_decided_about_data_is_handed_on_where_it_goes(string function, string row, int? bits)
    {
        var graph = Layers(function, "within 1 as i6");
        var layer = Find(graph, "y");
        CentredActivation.Apply(layer, Demands.Covering(DemandPrecision.Data, layer["data"]).Units, new Rewriter(graph), "y");
        var type = graph.Operations.Single(o => o.Spec.Name == $"nn.{row}").Result.Type;
        Assert.Equal(bits, type.Reading?.Precision);
        // One scale for all channels before, and one behind.
        Assert.Null(type.Channels);
    }

    [Theory]
    [InlineData("nn.max(%x, @end) : f32[1, 2] within 1", "", true)]
    [InlineData("nn.max(%x, @inside) : f32[1, 2] within 1", "{centred = 1}", false)]
    [InlineData("nn.max(%x, @zero) : f32[1, 2] within 0", "", false)]
    [InlineData("nn.sub(%x, @zero) : f32[1, 2] within 0", "", false)]
    [InlineData("nn.sub(%x, @middle) : f32[1, 2] within 1", "{centred = 1}", true)]
    [InlineData("nn.sub(@rows, @middle) : f32[1, 2] within 1", "{centred = 1}", false)]
    public void A_middle_is_where_codes_end_or_where_a_difference_is_said_to_have_one(string middle, string attributes, bool expected) =>
        Assert.Equal(expected, IsMiddle(middle, $"%y = nn.dense(%m, @w) {attributes}"));

    [Theory]
    [InlineData("%y = nn.dense(%m, @w) {centred = 1}", true)]
    [InlineData("%y = nn.neg(%x)", false)]
    [InlineData("%y = nn.dense(%m, @w) {centred = 1}\n  %z = nn.dense(%m, @w)", false)]
    [InlineData("%y = nn.dense(%m, @w) {centred = 1}\n  %z = nn.tanh(%m)", false)]
    [InlineData("%z = nn.dense(%m, @w) {centred = 1}\n  %y = nn.concat(%m, %m) {axis = 1}", false)]
    public void All_that_reads_a_difference_has_to_say_so(string readers, bool expected) =>
        Assert.Equal(expected, IsMiddle("nn.sub(%x, @middle) : f32[1, 2] within 1", readers));

    [Fact]
    public void Numbers_of_columns_are_none_of_channels()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 2, 1, 2] within 2) {
              @c: f32[2] = [1, 1]
              %m = nn.sub(%x, @c) : f32[1, 2, 1, 2] within 1
              return %m
            }
            """);
        Assert.Null(Middle.Of(Find(graph, "m")));
    }

    /// <summary>Borders are joined along rows or columns, around one value.</summary>
    [Theory]
    [InlineData("%j = nn.concat(@border, %m) {axis = 2}", true)]
    [InlineData("%j = nn.concat(@border, %m) {axis = 1}", false)]
    [InlineData("%j = nn.concat(%m, %n) {axis = 2}", false)]
    public void Only_a_border_stands_between_a_layer_and_the_middle_of_its_data(string joined, bool expected)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 2, 2, 2] within 2) {
              @c: f32[1] = 1
              @border: f32[1, 2, 2, 2] = -1
              @w: f32[1, {{(joined.Contains("axis = 1", StringComparison.Ordinal) ? 4 : 2)}}, 1, 1] = random(1)
              %m = nn.sub(%x, @c) : f32[1, 2, 2, 2] within 1
              %n = nn.sub(%x, @c) : f32[1, 2, 2, 2] within 1
              {{joined}}
              %y = nn.conv2d(%j, @w) {centred = 1, kernel = [1, 1]}
              return %y
            }
            """);
        Assert.Equal(expected ? [1, 1] : null, CentredActivation.MiddlesOf(Find(graph, "y")));
    }

    [Theory]
    [InlineData(16, 1, true)]
    [InlineData(17, 1, false)]
    [InlineData(1, 63, true)]
    [InlineData(1, 64, false)]
    public void Only_so_far_and_at_so_many_operations_is_looked_for_what_is_never_negative(int far, int many, bool expected)
    {
        var build = new GraphBuilder("g", Level.Float);
        var relu = build.Op(NnUnary.Relu, [build.Input("x", TensorType.Float(1, 2))]);
        var parts = Enumerable.Range(0, many).Select(_ => Enumerable.Range(0, far)
            .Aggregate(relu, (value, _) => build.Op(NnUnary.Identity, [value]))).ToList();
        var joined = many == 1 ? parts[0] : build.Op(NnShape.Concat, parts, Attributes.Of(("axis", 1)));
        Assert.Equal(expected ? 0.0 : null, LowestValue.Depth(joined));
    }

    [Theory]
    [InlineData("nn.reciprocal(%x)", false)]
    [InlineData("nn.take(%r, @index) {axis = 1}", false)]
    [InlineData("nn.concat(%r, %x) {axis = 1}", false)]
    [InlineData("nn.concat(%r, %r) {axis = 1}", true)]
    public void What_cannot_be_told_is_not_never_negative(string function, bool expected)
    {
        var graph = TextParser.ParseOne(
            $"graph @g(%x: f32[1, 2]) {{\n  @index: f32[2] = [1, 0]\n  %r = nn.relu(%x)\n  %m = {function}\n  return %m\n}}");
        Assert.Equal(expected, LowestValue.Depth(Find(graph, "m").Result) is not null);
    }

    [Fact]
    public void What_is_joined_goes_as_far_below_zero_as_its_deepest_part()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 2]) {
              %e = nn.elu(%x) {alpha = 0.25}
              %r = nn.relu(%x)
              %m = nn.concat(%e, %r) {axis = 1}
              return %m
            }
            """);
        Assert.InRange(LowestValue.Depth(Find(graph, "m").Result)!.Value, 0.25, 0.251);
    }

    private static bool IsMiddle(string middle, string readers)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 2] within 2) {
              @end: f32[1] = -1
              @inside: f32[1] = -0.75
              @middle: f32[1] = 0.75
              @zero: f32[1] = 0
              @rows: f32[1, 2] = 1
              @w: f32[2, 2] = random(1)
              %m = {{middle}}
              {{readers}}
              return %y
            }
            """);
        return Middle.Of(Find(graph, "m")) is not null;
    }

    /// <summary>A layer, a function of its result, and a layer behind that.</summary>
    private static Graph Layers(string function, string type) => TextParser.ParseOne($$"""
        graph @g(%x: f32[1, 2] within 1) {
          @w: f32[2, 2] = random(1)
          %a = nn.dense(%x, @w) : f32[1, 2] within 1
          %r = nn.{{function}} : f32[1, 2] {{type}}
          %y = nn.dense(%r, @w) : f32[1, 2] within 1
          return %y
        }
        """);

    private static Operation Find(Graph graph, string name) => graph.Operations.Single(o => o.Result.Name == name);
}
