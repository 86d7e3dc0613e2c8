namespace CortexMl.Running;

/// <summary>What a classifier says about one sample.</summary>
/// <param name="Class">The class of the largest score.</param>
/// <param name="Top5">Classes by score, best first.</param>
/// <param name="Preparation">What was done to the data, as the command line spells it.</param>
public sealed record Prediction(string Sample, int? Label, int Class, IReadOnlyList<int> Top5, string? Preparation)
{
    public static Prediction Of(SampleResult result, int shown, string? preparation = null)
    {
        var top = Ranking.Top(result.Outputs[0], shown);
        return new(result.Name, result.Label, top[0], top, preparation);
    }
}
