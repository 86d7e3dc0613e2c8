using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Evaluating;

/// <summary>Boxes out of outputs, and which of them are the same.</summary>
public sealed class BoxTests
{
    private static Box At(double left, double score = 0.9, int label = 0) => new(left, 0, left + 10, 10, score, label);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1 / 3.0)]
    [InlineData(10, 0)]
    [InlineData(20, 0)]
    public void Overlap(double left, double expected) => Assert.Equal(expected, At(0).Overlap(At(left)));

    [Fact]
    public void The_best_of_boxes_that_overlap_stays_in_each_class()
    {
        Box[] boxes = [At(1, 0.8), At(0), At(2, 0.7, 1), At(20, 0.6), At(4, 0.5)];
        // Of 4 and 0 only 6 / 14 is shared.
        Assert.Equal([boxes[1], boxes[2], boxes[3], boxes[4]], BoxMatching.Best(boxes));
    }

    [Theory]
    [InlineData(new double[] { 0, 100 }, new double[] { 1, 102 }, 2)]
    [InlineData(new double[] { 0, 100 }, new double[] { 4 }, 0)]
    [InlineData(new double[] { 0, 2 }, new double[] { 1 }, 1)]
    [InlineData(new double[] { 0 }, new double[] { 3, 1 }, 1)]
    public void A_box_answers_for_one(double[] expected, double[] found, int kept) =>
        Assert.Equal(kept, BoxMatching.Kept([.. expected.Select(x => At(x))], [.. found.Select(x => At(x))]));

    [Fact]
    public void Another_class_is_another_box() => Assert.Equal(0, BoxMatching.Kept([At(0)], [At(0, label: 1)]));

    [Fact]
    public void Scores_and_corners()
    {
        var box = Only([[0.9f, 0.1f, 0.2f, 0.8f], [1, 2, 3, 4, 5, 6, 7, 8]], [1, 2, 2], [1, 2, 4]);
        Assert.Equal(new Box(5, 6, 7, 8, 0.8f, 0), box);
    }

    [Fact]
    public void Boxes_behind_a_suppression_are_where_a_class_is() => Assert.Equal(
        new Box(5, 6, 7, 8, 0.8f, 2),
        Only([[-1, 2, 1], [0.9f, 0.8f, 0.3f], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]], [1, 3, 1], [1, 3, 1], [1, 3, 4]));

    [Fact]
    public void Overlaps_are_of_the_boxes_that_answer_for_each_other() =>
        Assert.Equal([1, 9 / 11.0], BoxMatching.Overlaps([At(0), At(100)], [At(101), At(0), At(300)]));

    [Fact]
    public void Rows_of_a_yolo()
    {
        float[] rows = [.. Enumerable.Repeat(new float[] { 10, 20, 4, 6, 0.1f, 1, 0 }, 8).SelectMany(r => r), 10, 20, 4, 6, 0.8f, 0.25f, 1];
        Assert.Equal(new Box(8, 17, 12, 23, 0.8f, 1), Only([rows], [1, 9, 7]));
    }

    [Fact]
    public void Columns_of_a_yolo_without_objects()
    {
        float[] columns =
            [.. new float[] { 10, 20, 4, 6 }.SelectMany(x => Enumerable.Repeat(x, 7)),
            0, 0, 0, 0.25f, 0, 0, 0, 0, 0, 0, 0.75f, 0, 0, 0];
        Assert.Equal(new Box(8, 17, 12, 23, 0.75f, 1), Only([columns], [1, 6, 7]));
    }

    // 16 x 16 cells of 2 anchors: number 4 is in the third cell, whose middle is 2.5 / 16; then 8 pixels of 128 to the right.
    [Fact]
    public void Blaze_faces()
    {
        float[] scores = [.. Enumerable.Repeat(-10f, 512)], boxes = new float[512 * 16];
        scores[4] = 10;
        (boxes[64], boxes[65], boxes[66], boxes[67]) = (8, 0, 16, 32);
        var box = Only([scores, boxes, [.. Enumerable.Repeat(-10f, 384)], new float[384 * 16]],
            [1, 512, 1], [1, 512, 16], [1, 384, 1], [1, 384, 16]);
        Assert.Equal((2.5 / 16, 0.5 / 16 + 0.125), (box.Left, box.Bottom));
        Assert.Equal(0.125, box.Right - box.Left, 12);
    }

    // One cell of four: in the middle of the second column and 0.5 cells lower; half the image wide.
    [Fact]
    public void Fastest_det()
    {
        float lower = (float)Math.Atanh(0.5);
        float[] maps = [0, 1, 0, 0, 0, 0, 0, 0, 0, lower, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0];
        var box = Only([maps], [1, 6, 2, 2]);
        Assert.Equal((0.25, 0.75, 0.0, 0.5), (box.Left, box.Right, Math.Round(box.Top, 6), Math.Round(box.Bottom, 6)));
    }

    [Fact]
    public void Anchors_of_ultra_face_are_as_many_as_its_outputs()
    {
        var anchors = Anchors.UltraFace(240, 320);
        Assert.Equal(4420, anchors.Count);
        Assert.Equal((12.0 / 320, 4.0 / 240, 24.0 / 320, 24.0 / 240), anchors[5]);
        Assert.Equal((32 / 320.0, 32 / 240.0, 128 / 320.0, 128 / 240.0), anchors[4360]);
    }

    [Fact]
    public void What_is_not_known_is_told_with_what_is()
    {
        var error = Assert.Throws<DiagnosticException>(() => Only([[1, 2]], [1, 2]));
        Assert.Contains("CML0976: how the outputs of 'net' are boxes is not known: [1, 2]", error.Message, StringComparison.Ordinal);
        Assert.Contains("known are: scores [1, N, C] and corners [1, N, 4]; ", error.Message, StringComparison.Ordinal);
    }

    private static Box Only(float[][] outputs, params int[][] shapes)
    {
        var network = new BoxNetwork("net", Shape.Of(1, 128, 128, 3), [.. shapes.Select(s => Shape.Of(s.AsSpan()))], outputs);
        return Assert.Single(BoxFormat.Fitting(network)(outputs, 0.5));
    }
}
