using CortexMl.Running;

namespace CortexMl.Evaluating.Metrics;

/// <summary>How often the right class is among the best; of 0 best, how often it is the float network's own.</summary>
internal sealed class ClassTally(MetricModel model, int best) : Tally(new(2))
{
    private const int Right = 0, All = 1;

    public static MetricReading Read(MetricSums sums) =>
        new(sums.Counts[All] == 0 ? null : (double)sums.Counts[Right] / sums.Counts[All], []);

    public static bool CanBe(MetricSums sums, int samples) => sums.Counts[All] == samples && sums.Counts[Right] <= samples;

    public override void Add(MetricSample sample)
    {
        Sums.Counts[All]++;
        var scores = LastSteps.Scores(model.Measured, sample.Found);
        bool isRight = best == 0
            ? Ranking.Top1(scores) == Ranking.Top1(LastSteps.Scores(model.Float!, sample.Expected!))
            : Ranking.Top(scores, best).Contains(sample.Found.Label!.Value);
        if (isRight) Sums.Counts[Right]++;
    }
}
