using System.Globalization;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>
/// Suppression in double and as integers, beside a definition of the tests' own; inputs are whole numbers, so that both are exact.
/// </summary>
public sealed class SuppressionTests
{
    private const int Most = 127;

    [Theory]
    [InlineData(40, 1, 40, -1, 0)]
    [InlineData(60, 3, 60, -1, 0)]
    [InlineData(60, 3, 10, -1, 30)]
    [InlineData(60, 3, 20, 20, 0)]
    [InlineData(60, 2, 7, 15, 50)]
    [InlineData(1, 1, 1, -1, 0)]
    [InlineData(50, 4, 12, -1, 127)]
    public void Integers_and_real_numbers_keep_what_the_definition_keeps(int count, int classes, int size, int best, int least)
    {
        const double overlap = 0.45;
        for (int seed = 0; seed < 6; seed++)
        {
            var boxes = BoxSelection.Drawn(seed, count, classes, Most, overlap);
            var kept = BoxSelection.Kept(boxes, overlap, least, best > 0 ? best : null).Select(b => (double)b.Row).Take(size);
            double[] expected = [.. kept.Concat(Enumerable.Repeat((double)count, size)).Take(size)];
            string text = Text(count, size, best, least, overlap);
            Assert.Equal(expected, NaiveEvaluator.Run(TextParser.ParseOne(text), Inputs(boxes))[0].Data);
            Assert.Equal(expected, IntegerRun.Of(Compiled(text, boxes), Inputs(boxes))[0]);
        }
    }

    [Fact]
    public void What_is_emitted_is_portable_and_sorts_before_it_suppresses()
    {
        var boxes = BoxSelection.Drawn(1, 30, 2, Most, 0.5);
        var graph = Compiled(Text(30, 5, 10, 0, 0.5), boxes);
        Assert.Empty(PortableRules.Check(graph));
        Operation[] suppressions = [.. graph.Operations.Where(o => o.Spec == CvmDetection.NonMaxSuppression)];
        Assert.Equal([101, 50], suppressions.Select(o => o.Int("iou_threshold")));
        Assert.Equal([10, 5], suppressions.Select(o => o.Int("max_output_size")));
    }

    [Fact]
    public void A_threshold_between_two_percent_is_told()
    {
        var boxes = BoxSelection.Drawn(1, 10, 2, Most, 0.456);
        var notes = new DiagnosticBag();
        Compiled(Text(10, 10, -1, 0, 0.456), boxes, notes);
        var warning = notes.Items.Single(n => n.Severity == Severity.Warning);
        Assert.Equal("nn.non_max_suppression %y: an overlap of 45.6 % is taken as 46 %", warning.Message);
    }

    [Theory]
    [InlineData("top_k = 0", "top_k = 0 looks at no box")]
    [InlineData("size = 11", "size = 11 is more than there are boxes")]
    [InlineData("iou_threshold = -0.5", "iou_threshold = -0.5 is below 0")]
    public void Attributes_that_keep_nothing_or_more_than_there_is_are_refused(string attribute, string message)
    {
        string name = attribute.Split(' ')[0], text = Text(10, 5, -1, 0, 0.5).Replace(
            name == "size" ? "size = 5" : name == "top_k" ? "top_k = -1" : "iou_threshold = 0.5", attribute, StringComparison.Ordinal);
        var error = Assert.Throws<DiagnosticException>(() => TextParser.ParseOne(text));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static string Text(int count, int size, int best, int least, double overlap) => string.Create(CultureInfo.InvariantCulture,
        $$"""
        graph @g(%boxes: f32[{{count}}, 4], %scores: f32[{{count}}], %ids: f32[{{count}}]) {
          %y = nn.non_max_suppression(%boxes, %scores, %ids)
            {iou_threshold = {{overlap}}, score_threshold = {{least}}.0, size = {{size}}, top_k = {{best}}}
          return %y
        }
        """);

    private static Tensor<double>[] Inputs(List<ScoredBox> boxes) =>
    [
        Tensor.Create(Shape.Of(boxes.Count, 4), [.. boxes.SelectMany(b => new[] { b.Left, b.Top, b.Right, b.Bottom })]),
        Tensor.Vector([.. boxes.Select(b => b.Score)]), Tensor.Vector([.. boxes.Select(b => (double)b.Class)]),
    ];

    /// <summary>At scales of 1: calibration sees numbers up to 127, and inputs have 8 bits.</summary>
    private static Graph Compiled(string text, List<ScoredBox> boxes, DiagnosticBag? notes = null)
    {
        var graph = TextParser.ParseOne(text);
        Tensor<double>[] most = [.. Inputs(boxes).Select(t => Tensor.Create(t.Shape, Array.ConvertAll(t.Data, _ => (double)Most)))];
        IntegerRun.Calibrate(graph, [Inputs(boxes), most]);
        new PassManager(PassTable.Registry()).Run(
            graph, Pipeline.Parse("check-forms,quantize,round-shift,lower-cvm,bound-check"),
            new PassServices { Diagnostics = notes ?? new DiagnosticBag() });
        return graph;
    }
}
