using System.Xml.Linq;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Picturing;
using CortexMl.Tests.Cli;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Picturing;

public sealed class GraphPictureTests
{
    private const string Branches = """
        graph @branches(%x: i8[1, 4] @ 2.5) -> i9[1, 4] {
          %left = cvm.relu(%x)
          %right = cvm.cvm_clip(%x) {precision = 4}
          %sum = cvm.broadcast_add(%left, %right)
          return %sum
        }
        """;

    [Fact]
    public void A_graph_that_returns_a_constant_is_drawn_as_one_that_computes_nothing()
    {
        string page = GraphPicture.Html(TextParser.ParseOne("""
            graph @g(%x: i8[1, 2]) {
              @c: i8[1, 2] = [1, 2]
              return @c
            }
            """));
        Assert.Contains("<summary>nothing is computed</summary>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_operation_has_a_box_with_its_kind_and_every_value_its_type_and_proven_range()
    {
        var svg = XElement.Parse(GraphPicture.Svg(TextParser.ParseOne(Branches)));
        var boxes = svg.Elements().Where(e => e.Name.LocalName == "g").ToList();
        Assert.Equal(["n input", "n activation", "n rounding", "n arithmetic", "n output"], boxes.Select(b => b.Attribute("class")!.Value));
        var labels = svg.Elements().Where(e => e.Attribute("class")?.Value == "l").Select(e => e.Value).ToList();
        Assert.Equal("i8[1, 4] @ 2.5", labels[0]);
        Assert.Contains(labels, label => label == "i9[1, 4]" || label.StartsWith("i9[1, 4], proven", StringComparison.Ordinal));
        Assert.Equal(5, svg.Elements().Count(e => e.Name.LocalName == "path"));
    }

    [Fact]
    public void Boxes_of_two_branches_stand_side_by_side_and_below_what_they_read()
    {
        var boxes = XElement.Parse(GraphPicture.Svg(TextParser.ParseOne(Branches))).Elements().Where(e => e.Name.LocalName == "g")
            .Select(g => g.Elements().First(e => e.Name.LocalName == "rect"))
            .Select(r => (X: Number(r, "x"), Y: Number(r, "y"), W: Number(r, "width"))).ToList();
        Assert.Equal(boxes[1].Y, boxes[2].Y);
        Assert.True(boxes[1].X + boxes[1].W < boxes[2].X);
        Assert.True(boxes[0].Y < boxes[1].Y && boxes[2].Y < boxes[3].Y && boxes[3].Y < boxes[4].Y);
    }

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void A_page_loads_nothing_and_names_from_outside_end_no_tag_and_no_script()
    {
        var build = new GraphBuilder("</script><b>", Level.Float);
        build.Output(build.Op(NnUnary.Relu, [build.Input("<img src=x>", TensorType.Float(1, 2))], name: "</script>"));
        string page = GraphPicture.Html(build.Build());
        Assert.DoesNotContain("<img", page);
        Assert.Equal(1, page.Split("</script>").Length - 1);
        Assert.DoesNotContain("http", page);
    }

    [Fact]
    public void A_graph_of_2000_operations_is_folded_into_blocks()
    {
        var build = new GraphBuilder("long", Level.Float);
        var value = build.Input("x", TensorType.Float(1, 8));
        for (int i = 0; i < 400; i++)
        {
            var inner = build.Op(NnUnary.Relu, [build.Op(NnUnary.Tanh, [build.Op(NnUnary.Sigmoid, [build.Op(NnUnary.Relu, [value])])])]);
            value = build.Op(NnBinary.Add, [value, inner]);
        }
        build.Output(value);
        var graph = build.Build();
        var blocks = PictureBlocks.Of(graph);
        Assert.InRange(blocks.Count, 50, 400);
        // A residual block is left by one value: its sum.
        Assert.All(blocks.SkipLast(1), block => Assert.Single(block.Leaving));
        Assert.Equal(2000, blocks.Sum(b => b.Operations.Count));
        Assert.All(blocks, block => Assert.InRange(block.Operations.Count, 5, 10));
        string page = GraphPicture.Html(graph);
        Assert.InRange(page.Length, 100_000, 4_000_000);
    }

    [Fact]
    public void The_command_draws_any_level()
    {
        using var tiny = new TinyModel();
        Assert.Equal(0, tiny.Compile().Exit);
        string page = CliRun.Of("print", tiny.Out, "--format", "html").Output;
        Assert.StartsWith("<!DOCTYPE html>", page);
        // The symbol calls it conv2d_0; the text beside it knows better.
        Assert.Contains(">%conv</text>", page);
        Assert.StartsWith("<svg", CliRun.Of("print", tiny.Model, "--format", "svg").Output);
        string dot = CliRun.Of("print", tiny.Model, "--format", "dot").Output;
        Assert.StartsWith("digraph \"tiny\" {\n", dot);
        Assert.Contains("n0 -> n1 [label=\"f32[1, 1, 4, 4]\"];", dot);
    }
}
