namespace CortexMl.Fuzz;

/// <summary>What happened to one reader.</summary>
public sealed class Tally
{
    public long Inputs { get; private set; }

    public long Accepted { get; private set; }

    /// <summary>What making, writing, reading and judging its inputs took: what the readers share.</summary>
    public TimeSpan Spent { get; internal set; }

    public TimeSpan Longest { get; private set; }

    /// <summary>Bytes allocated for one input, collected ones included: an upper bound of what was in use.</summary>
    public long MostAllocated { get; private set; }

    internal void Add(Trial trial)
    {
        Inputs++;
        if (trial.IsAccepted) Accepted++;
        if (trial.Time > Longest) Longest = trial.Time;
        MostAllocated = Math.Max(MostAllocated, trial.Allocated);
    }

    public static Tally Sum(IEnumerable<Tally> tallies)
    {
        var sum = new Tally();
        foreach (var tally in tallies)
        {
            sum.Inputs += tally.Inputs;
            sum.Accepted += tally.Accepted;
            sum.Spent += tally.Spent;
            if (tally.Longest > sum.Longest) sum.Longest = tally.Longest;
            sum.MostAllocated = Math.Max(sum.MostAllocated, tally.MostAllocated);
        }
        return sum;
    }
}
