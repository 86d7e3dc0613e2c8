using CortexMl.Frontends;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>MXNet's operators of detection, against their definitions written down a second time.</summary>
public class DetectionOperatorTests
{
    private const double Overlap = 0.5;

    [Theory]
    [InlineData("", null, 0, false)]
    [InlineData(", \"topk\": \"12\"", 12, 0, false)]
    [InlineData(", \"valid_thresh\": \"40\"", null, 40, false)]
    [InlineData(", \"force_suppress\": \"True\", \"topk\": \"20\"", 20, 0, true)]
    public void Box_nms_keeps_rows_in_their_order_and_fills_up(string attributes, int? best, double least, bool forces)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            var boxes = BoxSelection.Drawn(seed, 30, 3, 127, Overlap);
            double[] expected = Rows(BoxSelection.Kept(boxes, Overlap, least, best, forces), 30);
            Assert.Equal(expected, Run("_contrib_box_nms", "\"id_index\": \"0\"" + attributes, Data(boxes)));
        }
    }

    [Fact]
    public void Box_nms_of_several_images_and_other_columns()
    {
        var (first, second) = (BoxSelection.Drawn(5, 20, 1, 127, Overlap), BoxSelection.Drawn(6, 20, 1, 127, Overlap));
        double[] data = [.. new[] { first, second }.SelectMany(boxes => boxes.SelectMany(b => Turned(b, b.Row)))];
        double[] expected = [.. new[] { first, second }.SelectMany(boxes =>
        {
            var kept = BoxSelection.Kept(boxes, Overlap, 0);
            return kept.SelectMany(b => Turned(b, b.Row)).Concat(Enumerable.Repeat(-1.0, 6 * (20 - kept.Count)));
        })];
        Assert.Equal(expected, Run("_contrib_box_nms", "\"coord_start\": \"0\", \"score_index\": \"5\"",
            Tensor.Create(Shape.Of(2, 20, 6), data)));

        static double[] Turned(ScoredBox b, int extra) => [b.Left, b.Top, b.Right, b.Bottom, extra, b.Score];
    }

    [Fact]
    public void Box_nms_leaves_out_the_background()
    {
        var boxes = BoxSelection.Drawn(7, 25, 3, 127, Overlap);
        double[] expected = Rows(BoxSelection.Kept(boxes.Where(b => b.Class != 1), Overlap, 0), 25);
        Assert.Equal(expected, Run("_contrib_box_nms", "\"id_index\": \"0\", \"background_id\": \"1\"", Data(boxes)));
    }

    [Fact]
    public void Multi_box_prior_has_sizes_then_ratios_of_the_first_size()
    {
        var graph = Import(OneOperator("_contrib_MultiBoxPrior", "\"sizes\": \"(0.5, 0.25)\", \"ratios\": \"(1, 4)\""), null,
            ("data", [1, 3, 1, 2]));
        double[] found = [.. ((Tensor<float>)graph.Outputs[0].Constant!.Tensor).Data.Select(v => (double)v)];
        // The image is 1 x 2 pixels; a width counts in heights: 0.5 · 1 / 2.
        double[] first = [0.125, 0.25, 0.375, 0.75, 0.1875, 0.375, 0.3125, 0.625, 0, 0.375, 0.5, 0.625];
        Assert.Equal([.. first, .. first.Select((v, i) => i % 2 == 0 ? v + 0.5 : v)], found);
    }

    [Fact]
    public void Multi_box_detection_decodes_chooses_and_suppresses()
    {
        const int count = 12, classes = 4;
        var random = new Random(3);
        double[] scores = [.. Enumerable.Range(0, classes * count).Select(_ => random.NextDouble())];
        double[] offsets = [.. Enumerable.Range(0, 4 * count).Select(_ => random.NextDouble() - 0.5)];
        double[] anchors = [.. Enumerable.Range(0, count).SelectMany(i => new[] { 0.05 * i, 0.1, 0.05 * i + 0.3, 0.6 })];
        var found = Run("_contrib_MultiBoxDetection", "\"threshold\": \"0.2\", \"nms_threshold\": \"0.45\"",
            Tensor.Create(Shape.Of(1, classes, count), scores), Tensor.Create(Shape.Of(1, 4 * count), offsets),
            Tensor.Create(Shape.Of(1, count, 4), anchors));
        var boxes = Enumerable.Range(0, count).Select(i =>
        {
            int best = Enumerable.Range(1, classes - 1).MaxBy(c => scores[c * count + i]);
            double[] of = offsets[(4 * i)..(4 * i + 4)], anchor = anchors[(4 * i)..(4 * i + 4)];
            double width = anchor[2] - anchor[0], height = anchor[3] - anchor[1];
            double x = (anchor[0] + anchor[2]) / 2 + 0.1 * of[0] * width, y = (anchor[1] + anchor[3]) / 2 + 0.1 * of[1] * height;
            double w = width * Math.Exp(0.2 * of[2]) / 2, h = height * Math.Exp(0.2 * of[3]) / 2;
            return new ScoredBox(i, best - 1, scores[best * count + i],
                Math.Clamp(x - w, 0, 1), Math.Clamp(y - h, 0, 1), Math.Clamp(x + w, 0, 1), Math.Clamp(y + h, 0, 1));
        });
        double[] expected = Rows(BoxSelection.Kept(boxes, 0.45, 0.2), count);
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected[i], found[i], 1e-5);
    }

    [Theory]
    [InlineData("\"format\": \"corner\"", new[] { 2.0, 4, 6, 8 })]
    [InlineData("\"format\": \"center\"", new[] { 4.0, 6, 4, 4 })]
    public void Box_decode_moves_and_grows_an_anchor(string attributes, double[] anchor)
    {
        double[] found = Run("_contrib_box_decode", attributes + ", \"std2\": \"2\", \"clip\": \"1\"",
            Tensor.Create(Shape.Of(1, 1, 4), [0.5, -0.25, 0.25, 3]), Tensor.Create(Shape.Of(1, 1, 4), anchor));
        double width = 4 * Math.Exp(0.5) / 2, height = 4 * Math.E / 2;
        double[] expected = [6 - width, 5 - height, 6 + width, 5 + height];
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], found[i], 1e-5);
    }

    [Theory]
    [InlineData("_contrib_box_nms", "\"out_format\": \"center\"", "out_format = center is not supported")]
    [InlineData("_contrib_box_nms", "\"score_index\": \"4\"", "coordinates from 2 on, score at 4 and id at -1 name a column twice")]
    [InlineData("_contrib_box_nms", "\"coord_start\": \"3\"", "coord_start = 3 is not supported")]
    public void What_has_no_form_is_refused(string op, string attributes, string message) =>
        Assert.StartsWith(message, Assert.Single(Fails(() => Import(OneOperator(op, attributes), null, ("data", [1, 5, 6])))).Message
            .Split(": ", 2)[^1], StringComparison.Ordinal);

    private static Tensor<double> Data(List<ScoredBox> boxes) => Tensor.Create(Shape.Of(1, boxes.Count, 6), Rows(boxes, boxes.Count));

    private static double[] Rows(List<ScoredBox> boxes, int count) =>
    [
        .. boxes.SelectMany(b => new[] { b.Class, b.Score, b.Left, b.Top, b.Right, b.Bottom }),
        .. Enumerable.Repeat(-1.0, 6 * (count - boxes.Count)),
    ];

    private static double[] Run(string op, string attributes, params Tensor<double>[] data)
    {
        string[] names = ["data", "second", "third"];
        var graph = Import(OneOperator(op, attributes, names[1..data.Length]), null,
            [.. data.Select((t, i) => (names[i], t.Shape.ToArray()))]);
        return NaiveEvaluator.Run(graph, data)[0].Data;
    }
}
