using CortexMl.Data;
using CortexMl.Data.Images;
using CortexMl.Data.Sources;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating;

/// <summary>A sample of the test data of which the float and the integer model name different classes.</summary>
/// <param name="Index">Among the tested samples, from 0.</param>
/// <param name="Label">What it is; null where that is not known.</param>
public sealed record DifferingSample(int Index, string Name, int? Label, int FloatClass, int IntegerClass)
{
    /// <summary>Name of <see cref="Label"/>; null where it is not known.</summary>
    public string? LabelName { get; init; }

    /// <summary>Name of <see cref="FloatClass"/>; null where it is not known.</summary>
    public string? FloatName { get; init; }

    /// <summary>Name of <see cref="IntegerClass"/>; null where it is not known.</summary>
    public string? IntegerName { get; init; }

    /// <summary>A small PNG in base64; null for samples that are no pictures.</summary>
    public string? Picture { get; init; }
}

/// <summary>Looks for them among what two models made of the same samples.</summary>
internal static class DifferingSamples
{
    /// <summary>So many are told with a picture; the number of all is told anyway.</summary>
    private const int Most = 48;

    /// <summary>Longest side of a picture.</summary>
    private const int Side = 64;

    /// <param name="runs">Of the float and the integer model, both of which name classes.</param>
    /// <param name="samples">What they ran on, for the pictures; null where it cannot be read again.</param>
    /// <returns>The first of them, and how many they are.</returns>
    public static (IReadOnlyList<DifferingSample> First, int Count) Of(
        IReadOnlyList<ModelRun> runs, SampleSource? samples, Func<int, string?>? naming)
    {
        Model[] models = [.. runs.Select(run => run.Model)];
        int count = runs.Min(run => run.Results.Count);
        NamedClasses[] differing = [.. Enumerable.Range(0, count)
            .Select(i => NamedClasses.Of(i, models, [.. runs.Select(run => run.Results[i])])).Where(named => named.Differs)];
        int[] shown = [.. differing.Take(Most).Select(d => d.Index)];
        List<RawSample>? stored = shown.Length == 0 ? null : samples?.Stored(shown)?.ToList();
        return ([.. differing.Take(Most).Select((named, place) =>
        {
            var (index, name, label, said) = named;
            return new DifferingSample(index, name, label, said[0], said[^1])
            {
                LabelName = label is { } known ? naming?.Invoke(known) : null, FloatName = naming?.Invoke(said[0]),
                IntegerName = naming?.Invoke(said[^1]), Picture = Picture(stored?[place].Tensor),
            };
        })], differing.Length);
    }

    private static string? Picture(Tensor? sample) => sample is not null && Thumbnail.Of(sample, Side) is { } planes
        ? Convert.ToBase64String(ImageFile.Encode(planes)) : null;
}
