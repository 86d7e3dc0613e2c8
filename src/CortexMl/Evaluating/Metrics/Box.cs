namespace CortexMl.Evaluating.Metrics;

/// <summary>A detection, in any unit.</summary>
internal readonly record struct Box(double Left, double Top, double Right, double Bottom, double Score, int Class)
{
    private double Area => Math.Max(0, Right - Left) * Math.Max(0, Bottom - Top);

    public static Box Around(double x, double y, double width, double height, double score, int label) =>
        new(x - width / 2, y - height / 2, x + width / 2, y + height / 2, score, label);

    /// <summary>Intersection / union.</summary>
    public double Overlap(Box other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (!(width > 0 && height > 0)) return 0;
        return width * height / (Area + other.Area - width * height);
    }
}

/// <summary>Which boxes are the same.</summary>
internal static class BoxMatching
{
    /// <summary>IoU from which on two boxes of one network are one, and boxes of two networks the same.</summary>
    public const double Suppressed = 0.45, Same = 0.5;

    /// <summary>IoU from which on two boxes of two networks differ by less than most labels do.</summary>
    public const double Close = 0.9;

    /// <summary>Non-maximum suppression, class by class: the best score first, and of equal ones the first.</summary>
    public static IReadOnlyList<Box> Best(IEnumerable<Box> boxes)
    {
        var kept = new List<Box>();
        foreach (var box in boxes.OrderByDescending(b => b.Score))
        {
            if (!kept.Exists(k => k.Class == box.Class && k.Overlap(box) > Suppressed)) kept.Add(box);
        }
        return kept;
    }

    /// <summary>How many of <paramref name="expected"/> are among <paramref name="found"/>, each of which answers for one.</summary>
    public static int Kept(IReadOnlyList<Box> expected, IReadOnlyList<Box> found) => Overlaps(expected, found).Count;

    /// <summary>
    /// The IoU of each of <paramref name="expected"/> that is among <paramref name="found"/> with the one that answers for it.
    /// </summary>
    public static IReadOnlyList<double> Overlaps(IReadOnlyList<Box> expected, IReadOnlyList<Box> found)
    {
        var (free, overlaps) = (found.ToList(), new List<double>());
        foreach (var box in expected)
        {
            int best = -1;
            for (int i = 0; i < free.Count; i++)
            {
                if (free[i].Class == box.Class && free[i].Overlap(box) >= Same
                    && (best < 0 || free[i].Overlap(box) > free[best].Overlap(box))) best = i;
            }
            if (best < 0) continue;
            overlaps.Add(box.Overlap(free[best]));
            free.RemoveAt(best);
        }
        return overlaps;
    }
}
