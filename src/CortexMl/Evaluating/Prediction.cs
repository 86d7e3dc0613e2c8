using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating;

/// <summary>What a classifier says about one sample.</summary>
/// <param name="Class">The class of the largest score.</param>
/// <param name="Top5">Classes by score, best first.</param>
/// <param name="Preparation">What was done to the data, as the command line spells it.</param>
public sealed record Prediction(string Sample, int? Label, int Class, IReadOnlyList<int> Top5, string? Preparation)
{
    /// <summary>Name of <see cref="Class"/>; null where it is not known.</summary>
    public string? ClassName { get; init; }

    /// <summary>Name of <see cref="Label"/>; null where it is not known.</summary>
    public string? LabelName { get; init; }

    /// <summary>The output, the model's first, that the scores are of.</summary>
    public string? Output { get; init; }

    /// <summary>
    /// Of the classes in <see cref="Top5"/>: the network's own output, so probabilities where it returns them; with <c>--raw</c> the
    /// model's numbers.
    /// </summary>
    public IReadOnlyList<float> Scores { get; init; } = [];

    public static Prediction Of(
        Model model, SampleResult result, int shown, string? preparation = null, bool raw = false,
        Func<int, string?>? naming = null)
    {
        var (port, numbers) = (model.Outputs[0], result.Outputs[0]);
        var top = Ranking.Top(LastSteps.Scores(model, result), shown);
        float[] all = raw ? numbers.ToFloat().Data : LastSteps.OwnReals(port, numbers);
        return new(result.Name, result.Label, top[0], top, preparation)
        {
            Output = port.Name, Scores = [.. top.Select(i => all[i])],
            ClassName = naming?.Invoke(top[0]), LabelName = result.Label is { } label ? naming?.Invoke(label) : null,
        };
    }
}

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
