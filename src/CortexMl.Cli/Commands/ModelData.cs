using System.CommandLine;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Loading;
using CortexMl.Passes;

namespace CortexMl.Cli.Commands;

/// <summary>Models together with the data that a command line gives them.</summary>
internal static class ModelData
{
    /// <summary>
    /// Preprocessing that the command line leaves out is the one stored with the model; a float model beside a compiled one gets the same. Data that already
    /// are integers are not preprocessed. An input's shape that a float model does not say is that of the data.
    /// </summary>
    public static IReadOnlyList<(Model Model, ISampleSource Samples)> Open(
        IReadOnlyList<string> paths, ModelOptions options, DataArguments data, ParseResult parsed, bool integer, DiagnosticBag notes)
    {
        var given = data.Required(parsed);
        bool usesStored = !data.SaysPreprocessing(parsed) && !integer;
        var compiled = paths.Where(ModelLoader.IsCompiled).Distinct(StringComparer.Ordinal).ToDictionary(path => path, path => ModelLoader.Load(path, options, notes), StringComparer.Ordinal);
        var shared = usesStored ? paths.Select(compiled.GetValueOrDefault).FirstOrDefault(m => m?.Io is not null)?.Io!.Preprocessing : null;
        var prepared = usesStored ? given with { Preprocessing = shared ?? Preprocessing.None } : given;
        options = options with { ShapeOfData = input => DataShape.Of(prepared, input) };
        var models = paths.Select(path => compiled.GetValueOrDefault(path) ?? ModelLoader.Load(path, options, notes)).ToList();
        if (shared is not null && shared != Preprocessing.None && models.Any(m => m.Io is null))
            notes.Note(DataCodes.Preprocessing, $"all models get the preprocessing that is stored with the compiled one: {shared}");
        return [.. models.Select(m => (m, (ISampleSource)SampleSource.Open(
            usesStored ? given with { Preprocessing = m.Io?.Preprocessing ?? shared ?? Preprocessing.None } : given, m.Inputs)))];
    }
}
