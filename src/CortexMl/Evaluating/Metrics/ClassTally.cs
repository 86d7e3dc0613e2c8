using CortexMl.Running;

namespace CortexMl.Evaluating.Metrics;

/// <summary>How often the right class is among the best; of 0 best, how often it is the float network's own.</summary>
internal sealed class ClassTally(MetricModel model, int best) : Tally
{
    private long _right, _count;

    public override double? Value => _count == 0 ? null : (double)_right / _count;

    public override void Add(MetricSample sample)
    {
        _count++;
        var scores = LastSteps.Scores(model.Measured, sample.Found);
        bool isRight = best == 0
            ? Ranking.Top1(scores) == Ranking.Top1(LastSteps.Scores(model.Float!, sample.Expected!))
            : Ranking.Top(scores, best).Contains(sample.Found.Label!.Value);
        if (isRight) _right++;
    }

    public override void Merge(Tally other) =>
        (_right, _count) = (_right + ((ClassTally)other)._right, _count + ((ClassTally)other)._count);
}
