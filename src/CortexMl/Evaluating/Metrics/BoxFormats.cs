using CortexMl.Diagnostics;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>How outputs are boxes: a known arrangement.</summary>
/// <param name="Name">As messages list it.</param>
/// <param name="Of">What decodes the outputs of a network; null for a network of another arrangement.</param>
internal sealed record BoxFormat(string Name, Func<BoxNetwork, BoxDecoder?> Of)
{
    private const double MostDisordered = 0.01;

    public static readonly IReadOnlyList<BoxFormat> All =
    [
        new("scores [1, N, C] and corners [1, N, 4]", Corners), new("scores and offsets from UltraFace's anchors", UltraFace),
        new("BlazeFace (128 and 256 pixels)", BlazeFace), new("rows x, y, w, h, object, classes [1, N, 5 + C]", Rows),
        new("columns x, y, w, h, classes [1, 4 + C, N]", Columns), new("FastestDet [1, 5 + C, H, W]", FastestDet),
        new("ids [1, N, 1], scores [1, N, 1] and corners [1, N, 4] behind a suppression", Chosen),
    ];

    /// <exception cref="DiagnosticException">CML0976: none is known that fits.</exception>
    public static BoxDecoder Fitting(BoxNetwork network) => All.Select(f => f.Of(network)).FirstOrDefault(d => d is not null)
        ?? throw new DiagnosticException(LibraryCodes.MetricUnfit,
            $"how the outputs of '{network.Name}' are boxes is not known: {Listing.Of([.. network.Shapes.Select(s => $"{s}")])}",
            hint: $"known are: {string.Join("; ", All.Select(f => f.Name))}");

    //  what a suppression left: a class below 0 in places that hold no box
    private static BoxDecoder? Chosen(BoxNetwork network)
    {
        if (network.Shapes is not [var ids, var scores, var boxes] || ids != scores || ids.Rank < 2 || ids[^1] != 1
            || boxes != ids.With(ids.Rank - 1, 4) || !network.Probe[0].All(float.IsInteger)) return null;
        int count = (int)ids.Count;
        return (outputs, least) =>
        [
            .. from i in Enumerable.Range(0, count)
               let label = (int)Math.Round(outputs[0][i])
               where label >= 0 && outputs[1][i] >= least
               let at = outputs[2].AsSpan(4 * i, 4).ToArray()
               select new Box(at[0], at[1], at[2], at[3], outputs[1][i], label),
        ];
    }

    //  scores of classes, of which the first is the background, and left, top, right, bottom
    private static BoxDecoder? Corners(BoxNetwork network)
    {
        if (Pair(network) is not var (scores, boxes, count, classes)) return null;
        float[] probe = network.Probe[boxes];
        int disordered = Enumerable.Range(0, count).Count(i => probe[4 * i + 2] < probe[4 * i] || probe[4 * i + 3] < probe[4 * i + 1]);
        if (disordered > count * MostDisordered) return null;
        return (outputs, least) => Scored(outputs[scores], classes, least, (i, score, label) =>
        {
            var at = outputs[boxes].AsSpan(4 * i, 4);
            return new(at[0], at[1], at[2], at[3], score, label);
        });
    }

    //  x = anchor x + 0.1 · offset · anchor width,  width = anchor width · e^(0.2 · offset)
    private static BoxDecoder? UltraFace(BoxNetwork network)
    {
        if (network.Input is not { Rank: 4 } input || Pair(network) is not var (scores, boxes, count, classes)) return null;
        var anchors = Anchors.UltraFace(input[2], input[3]);
        if (anchors.Count != count) return null;
        return (outputs, least) => Scored(outputs[scores], classes, least, (i, score, label) =>
        {
            var at = outputs[boxes].AsSpan(4 * i, 4);
            var anchor = anchors[i];
            return Box.Around(
                anchor.X + 0.1 * at[0] * anchor.Width, anchor.Y + 0.1 * at[1] * anchor.Height,
                anchor.Width * PortableMath.Exp(0.2 * at[2]), anchor.Height * PortableMath.Exp(0.2 * at[3]), score, label);
        });
    }

    //  two grids, 2 anchors a cell and 6: a logit, and x, y, width, height in pixels from the cell's middle, then landmarks
    private static BoxDecoder? BlazeFace(BoxNetwork network)
    {
        int[] scores = [network.Find(1, 512, 1), network.Find(1, 384, 1)], boxes = [network.Find(1, 512, 16), network.Find(1, 384, 16)];
        if (network.Input is not { Rank: 4 } input || scores.Concat(boxes).Any(k => k < 0)) return null;
        double size = Math.Max(input[2], input[1]);
        IReadOnlyList<(double X, double Y)>[] middles = [Anchors.Middles(16, 16, 2), Anchors.Middles(8, 8, 6)];
        return (outputs, least) => new[] { 0, 1 }.SelectMany(k => Found(outputs, k, least)).ToList();

        IEnumerable<Box> Found(IReadOnlyList<float[]> outputs, int k, double least)
        {
            for (int i = 0; i < middles[k].Count; i++)
            {
                double score = Sigmoid(outputs[scores[k]][i]);
                if (!(score >= least)) continue;
                float[] at = outputs[boxes[k]];
                yield return Box.Around(
                    middles[k][i].X + at[16 * i] / size, middles[k][i].Y + at[16 * i + 1] / size, at[16 * i + 2] / size,
                    at[16 * i + 3] / size, score, 0);
            }
        }
    }

    //  YOLO, decoded: score = object · class
    private static BoxDecoder? Rows(BoxNetwork network)
    {
        if (network.Shapes is not [{ Rank: 3 } shape] || shape[0] != 1 || shape[2] < 6 || shape[1] <= shape[2]) return null;
        int count = shape[1], row = shape[2];
        if (!AreShares(network.Probe[0].Where((_, i) => i % row >= 4))) return null;
        return (outputs, least) => Enumerable.Range(0, count).Select(i =>
        {
            var at = outputs[0].AsSpan(row * i, row);
            var (best, label) = Most(at[5..]);
            return Box.Around(at[0], at[1], at[2], at[3], (double)at[4] * best, label);
        }).Where(b => b.Score >= least).ToList();
    }

    private static BoxDecoder? Columns(BoxNetwork network)
    {
        if (network.Shapes is not [{ Rank: 3 } shape] || shape[0] != 1 || shape[1] < 5 || shape[2] <= shape[1]) return null;
        int count = shape[2], classes = shape[1] - 4;
        if (!AreShares(network.Probe[0].Skip(4 * count))) return null;
        return (outputs, least) => Enumerable.Range(0, count).Select(i =>
        {
            float[] all = outputs[0];
            var (best, label) = Most([.. Enumerable.Range(0, classes).Select(c => all[(4 + c) * count + i])]);
            return Box.Around(all[i], all[count + i], all[2 * count + i], all[3 * count + i], best, label);
        }).Where(b => b.Score >= least).ToList();
    }

    //  object, tanh⁻¹ of x and y from the cell in cells, logits of width and height, classes: score = object^0.6 · class^0.4
    private static BoxDecoder? FastestDet(BoxNetwork network)
    {
        if (network.Shapes is not [{ Rank: 4 } shape] || shape[0] != 1 || shape[1] < 6) return null;
        int height = shape[2], width = shape[3], cells = height * width, classes = shape[1] - 5;
        if (!AreShares(network.Probe[0].Take(cells)) || !AreShares(network.Probe[0].Skip(5 * cells))) return null;
        return (outputs, least) => Enumerable.Range(0, cells).Select(i =>
        {
            float[] all = outputs[0];
            var (best, label) = Most([.. Enumerable.Range(0, classes).Select(c => all[(5 + c) * cells + i])]);
            double score = PortableMath.Pow(Math.Max(0, all[i]), 0.6) * PortableMath.Pow(Math.Max(0, best), 0.4);
            return Box.Around(
                (i % width + PortableMath.Tanh(all[cells + i])) / width, (i / width + PortableMath.Tanh(all[2 * cells + i])) / height,
                Sigmoid(all[3 * cells + i]), Sigmoid(all[4 * cells + i]), score, label);
        }).Where(b => b.Score >= least).ToList();
    }

    /// <summary>Of two outputs [1, N, C] and [1, N, 4], in either order.</summary>
    private static (int Scores, int Boxes, int Count, int Classes)? Pair(BoxNetwork network)
    {
        if (network.Shapes is not [{ Rank: 3 } first, { Rank: 3 } second] || first[0] != 1 || second[0] != 1 || first[1] != second[1])
            return null;
        var (scores, boxes) = second[2] == 4 ? (0, 1) : (1, 0);
        return network.Shapes[boxes][2] == 4 && AreShares(network.Probe[scores])
            ? (scores, boxes, first[1], network.Shapes[scores][2]) : null;
    }

    private static List<Box> Scored(float[] scores, int classes, double least, Func<int, double, int, Box> box)
    {
        var found = new List<Box>();
        int background = classes > 1 ? 1 : 0;
        for (int i = 0; i < scores.Length / classes; i++)
        {
            var (best, label) = Most(scores.AsSpan(i * classes + background, classes - background));
            if (best >= least) found.Add(box(i, best, label));
        }
        return found;
    }

    private static (double Score, int Class) Most(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int c = 1; c < scores.Length; c++)
            if (scores[c] > scores[best]) best = c;
        return (scores[best], best);
    }

    private static bool AreShares(IEnumerable<float> numbers) => numbers.All(x => x is > -0.01f and < 1.01f);

    private static double Sigmoid(double x) => 1 / (1 + PortableMath.Exp(-Math.Clamp(x, -100, 100)));
}

/// <summary>Boxes of a sample whose score is at least a number.</summary>
/// <param name="outputs">The network's own reals, in the order of its outputs.</param>
internal delegate IReadOnlyList<Box> BoxDecoder(IReadOnlyList<float[]> outputs, double least);

/// <summary>What tells how a network's outputs are boxes.</summary>
/// <param name="Input">Shape of its first input.</param>
/// <param name="Shapes">Of its outputs.</param>
/// <param name="Probe">The float network's outputs of one sample.</param>
internal sealed record BoxNetwork(string Name, Shape Input, IReadOnlyList<Shape> Shapes, IReadOnlyList<float[]> Probe)
{
    /// <summary>The output of this shape; -1 where there is none.</summary>
    public int Find(params int[] dims)
    {
        for (int k = 0; k < Shapes.Count; k++)
            if (Shapes[k] == Shape.Of(dims.AsSpan())) return k;
        return -1;
    }
}

/// <summary>Boxes from which networks tell how far theirs are; width and height of the image are 1.</summary>
internal static class Anchors
{
    private static readonly (int Stride, int[] Sizes)[] s_ultraFace =
        [(8, [10, 16, 24]), (16, [32, 48]), (32, [64, 96]), (64, [128, 192, 256])];

    public static IReadOnlyList<(double X, double Y, double Width, double Height)> UltraFace(int height, int width) =>
    [
        .. from level in s_ultraFace
           from y in Enumerable.Range(0, (height + level.Stride - 1) / level.Stride)
           from x in Enumerable.Range(0, (width + level.Stride - 1) / level.Stride)
           from size in level.Sizes
           select ((x + 0.5) * level.Stride / width, (y + 0.5) * level.Stride / height, (double)size / width, (double)size / height),
    ];

    /// <summary>Of the cells of a grid, row by row, each so many times.</summary>
    public static IReadOnlyList<(double X, double Y)> Middles(int rows, int columns, int times) =>
    [
        .. from y in Enumerable.Range(0, rows)
           from x in Enumerable.Range(0, columns)
           from copy in Enumerable.Range(0, times)
           select ((x + 0.5) / columns, (y + 0.5) / rows),
    ];
}
