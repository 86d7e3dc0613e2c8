namespace CortexMl.Tests.Support;

/// <summary>A box with its class and score.</summary>
internal sealed record ScoredBox(int Row, int Class, double Score, double Left, double Top, double Right, double Bottom)
{
    /// <summary>Intersection / union.</summary>
    public double Overlap(ScoredBox other)
    {
        double width = Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        double height = Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (width <= 0 || height <= 0) return 0;
        double common = width * height;
        return common / ((Right - Left) * (Bottom - Top) + (other.Right - other.Left) * (other.Bottom - other.Top) - common);
    }
}

/// <summary>
/// Suppression as text books have it, written down a second time: take the best box that is left, and away with all that it covers.
/// </summary>
internal static class BoxSelection
{
    public static List<ScoredBox> Kept(IEnumerable<ScoredBox> boxes, double overlap, double least, int? best = null, bool forces = false)
    {
        var left = new List<ScoredBox>();
        foreach (var box in boxes.Where(b => b.Score > least))
        {
            int at = left.FindIndex(b => b.Score < box.Score);
            left.Insert(at < 0 ? left.Count : at, box);
        }
        if (best is { } count && count < left.Count) left.RemoveRange(count, left.Count - count);
        var kept = new List<ScoredBox>();
        while (left.Count > 0)
        {
            var first = left[0];
            kept.Add(first);
            left.RemoveAll(b => b == first || ((forces || b.Class == first.Class) && first.Overlap(b) > overlap));
        }
        return kept;
    }

    /// <summary>Boxes of whole numbers within 0..<paramref name="most"/>, in groups that cover each other; scores differ.</summary>
    public static List<ScoredBox> Drawn(int seed, int count, int classes, int most, double overlap)
    {
        var random = new Random(seed);
        int[] scores = [.. Enumerable.Range(1, count).Select(i => i * most / count)];
        random.Shuffle(scores);
        var boxes = new List<ScoredBox>();
        while (boxes.Count < count)
        {
            int left = random.Next(most / 2), top = random.Next(most / 2);
            var near = boxes.Count > 0 && random.Next(2) == 0 ? boxes[random.Next(boxes.Count)] : null;
            if (near is not null) (left, top) = ((int)near.Left + random.Next(3), (int)near.Top + random.Next(3));
            var box = new ScoredBox(boxes.Count, random.Next(classes), scores[boxes.Count], left, top,
                Math.Min(most, left + 8 + random.Next(most / 3)), Math.Min(most, top + 8 + random.Next(most / 3)));
            // At the threshold itself integers in percent and real numbers may decide otherwise.
            if (boxes.TrueForAll(b => Math.Abs(b.Overlap(box) - overlap) > 0.011)) boxes.Add(box);
        }
        return boxes;
    }
}
