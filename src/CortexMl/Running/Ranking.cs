using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Classes by score. Equal scores keep their order, so that the first maximum wins as it does in the runtime.</summary>
public static class Ranking
{
    public static int Top1(Tensor scores)
    {
        int best = 0;
        for (int i = 1; i < scores.Length; i++)
            if (scores.GetDouble(i) > scores.GetDouble(best)) best = i;
        return best;
    }

    /// <summary>The first <paramref name="count"/> classes, best first.</summary>
    public static IReadOnlyList<int> Top(Tensor scores, int count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(scores.GetDouble).ThenBy(i => i).Take(count)];
}
