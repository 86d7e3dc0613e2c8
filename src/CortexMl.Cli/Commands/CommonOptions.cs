using System.CommandLine;
using CortexMl.Float;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary>Options that many commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write the result as JSON to standard output" };

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress, tables or notes; warnings and errors stay" };

    public static Option<bool> AcceptEdited() =>
        new("--accept-edited")
        {
            Description = "Read a compiled folder although files in it were changed since they were written together",
        };

    public static Option<string> Engine() =>
        new("--engine")
        {
            HelpName = "NAME", Description = $"What runs an integer model: {string.Join(", ", EngineChoice.Names)} (the fastest that can)",
            DefaultValueFactory = _ => "auto",
        };

    public static Option<string?> FloatEngine() => new Option<string?>("--float-engine")
    {
        HelpName = "NAME",
        Description = "What measures the float network: portable (default: the same bits on every machine) or onnxruntime",
    }
        .From([.. FloatEngines.Names]);

    /// <summary>Of ilgpu-cpu, opencl and cuda.</summary>
    public static Option<int> Device() => new NumberOption<int>("--device")
    {
        Bounds = new(0), HelpName = "N", Description = "Which of the engine's devices, from 0: see 'cortexml devices'",
    };

    public static Option<int> Threads(string description = "Threads; 0 for one per core", int standard = 0) =>
        new NumberOption<int>("--threads")
        {
            Bounds = new(0), HelpName = "N", Description = description, DefaultValueFactory = _ => standard,
        };

    public static Option<double?> InputScale() => new NumberOption<double?>("--input-scale")
    {
        Bounds = new(0, IsOpen: true), HelpName = "S", Description = "For a model without model.io.json: integer = real · S",
    };

    public static Option<bool> Integer() =>
        new("--integer") { Description = "The data already are the model's integers; they are checked against its precision" };
}
