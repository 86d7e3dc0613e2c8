using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Streaming;

namespace CortexMl.Preparing;

/// <summary>Models together with the data that they are run on.</summary>
public static class ModelData
{
    /// <summary>
    /// Loads models and opens data for each, prepared as its calibration did but for what <paramref name="data"/> says otherwise. A float
    /// model beside a compiled one gets the same. The input's shape that a float model does not say is that of the data.
    /// </summary>
    /// <param name="integer">The data already are integers: only what <paramref name="data"/> itself says is done to them.</param>
    /// <param name="notes">Receives how the data are prepared, and what loading finds.</param>
    /// <exception cref="DiagnosticException">CML0807 options that contradict each other; what loading and opening find.</exception>
    public static IReadOnlyList<(Model Model, ISampleSource Samples)> Open(
        IReadOnlyList<string> paths, ModelOptions options, DataOptions data, bool integer, DiagnosticBag notes)
    {
        var compiled = paths.Where(ModelLoader.IsCompiled).Distinct(StringComparer.Ordinal)
            .ToDictionary(path => path, path => ModelLoader.Load(path, options, notes), StringComparer.Ordinal);
        var shared = paths.Select(compiled.GetValueOrDefault).FirstOrDefault(m => m?.Io is not null)?.Io!.Preprocessing;
        options = options with { ShapeOfData = input => DataShape.Of(data with { Preprocessing = Of(shared).InForce }, input) };
        var models = paths.Select(path => compiled.GetValueOrDefault(path) ?? ModelLoader.Load(path, options, notes))
            // Integers in, integers out: no tail reads them.
            .Select(model => integer ? model with { Tail = null } : model).ToList();
        var preparations = models.Select(m => Of(m.Io?.Preprocessing ?? shared)).ToList();
        var distinct = preparations.Zip(models, (preparation, model) => (preparation, model.Name))
            .DistinctBy(p => p.preparation.Explanation()).ToList();
        foreach (var (preparation, name) in distinct) Tell(preparation, notes, distinct.Count == 1 ? "" : $" for '{name}'");
        return [.. models.Zip(preparations, (model, p) => (model, Samples(model, p)))];

        ISampleSource Samples(Model model, Preparation prepared) =>
            SampleSource.Open(StatePairs.In(data, model, notes) with { Preprocessing = prepared.InForce }, model.Inputs,
                integer ? null : model.Io?.CalibratedOnBy(model.Inputs));

        Preparation Of(Preprocessing? stored) => new(integer ? null : stored, data.Preprocessing, data.DropsStored);
    }

    /// <summary>A note of what is in force, where anything is known.</summary>
    internal static void Tell(Preparation preparation, DiagnosticBag notes, string whose = "")
    {
        if (preparation.Explanation() is { } text) notes.Note(DataCodes.Preparation, $"preparation{whose}: {text}");
    }
}
