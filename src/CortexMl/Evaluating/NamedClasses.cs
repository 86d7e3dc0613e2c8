using CortexMl.Running;

namespace CortexMl.Evaluating;

/// <summary>Which class each of several models names for a sample.</summary>
/// <param name="Index">Of the sample in the data.</param>
/// <param name="Label">What it is; null where that is not known.</param>
/// <param name="Classes">In the order of the models.</param>
public sealed record NamedClasses(int Index, string Name, int? Label, IReadOnlyList<int> Classes)
{
    /// <summary>Whether not all models name the same.</summary>
    public bool Differs => Classes.Any(c => c != Classes[0]);

    internal static NamedClasses Of(int index, IReadOnlyList<Model> models, IReadOnlyList<SampleResult> results) =>
        new(index, results[0].Name, results[0].Label,
            [.. results.Zip(models, (result, model) => Ranking.Top1(LastSteps.Scores(model, result)))]);
}
