namespace CortexMl.Survey.Networks;

/// <summary>Whether right answers that were lost and won differ by more than chance.</summary>
public static class McNemar
{
    // p = min(1, 2 · Σ over k = 0 … min(b, c) of C(n, k) / 2ⁿ), n = b + c
    /// <summary>
    /// The exact two-sided p: of so many flips, each as likely to be lost as won, how probable a split at least as uneven is; 1 where
    /// there are none.
    /// </summary>
    /// <param name="lost">Samples that only the first classifier names rightly.</param>
    /// <param name="won">Samples that only the second one names rightly.</param>
    public static double P(int lost, int won)
    {
        int flips = lost + won;
        double log = -flips * Math.Log(2), sum = 0;
        for (int k = 0; k <= Math.Min(lost, won); k++)
        {
            sum += Math.Exp(log);
            log += Math.Log(flips - k) - Math.Log(k + 1);
        }
        return Math.Min(1, 2 * sum);
    }
}
