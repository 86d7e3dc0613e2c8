using System.CommandLine;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Loading;
using CortexMl.Passes;

namespace CortexMl.Cli.Commands;

/// <summary>A model together with the data that a command line gives it.</summary>
internal static class ModelData
{
    /// <summary>Preprocessing that the command line leaves out is the one stored with the model.</summary>
    public static (Model Model, ISampleSource Samples) Open(string path, ModelOptions options, DataArguments data, ParseResult parsed, DiagnosticBag notes)
    {
        var model = ModelLoader.Load(path, options, notes);
        var given = data.Required(parsed);
        if (!data.SaysPreprocessing(parsed) && model.Io is { } io) given = given with { Preprocessing = io.Preprocessing };
        return (model, SampleSource.Open(given, model.Inputs));
    }
}
