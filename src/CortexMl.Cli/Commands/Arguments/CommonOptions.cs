using System.CommandLine;
using CortexMl.Cli.Presentation;
using CortexMl.Evaluating.Metrics;
using CortexMl.Float;
using CortexMl.Running;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Options that many commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write the result as JSON to standard output" };

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress, tables or notes; warnings and errors stay" };

    public const string ProgressName = "--progress";

    /// <summary>Of every command: how long work is told.</summary>
    public static Option<string?> Progress() => new Option<string?>(ProgressName)
    {
        HelpName = "HOW", Recursive = true,
        Description = "How far long work is: bar (on a terminal, the default there), plain (a line for each tenth), or none",
    }
        .From(ProgressForms.Bar, ProgressForms.Plain, ProgressForms.None);

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

    public static Option<string[]> Plugins(string description = "Class library with further passes, rows or calibration methods") =>
        new("--plugin") { HelpName = "FILE", Description = description, DefaultValueFactory = _ => [] };

    public static Option<string?> Metric() => new Option<string?>("--metric")
    {
        HelpName = "NAME", Description = $"What to measure: {string.Join("; ", MetricTable.All.Select(m => $"{m.Name} ({m.Summary})"))}",
    }
        .From([.. MetricTable.Names]);

    public static Option<bool> Integer() =>
        new("--integer") { Description = "The data already are the model's integers; they are checked against its precision" };
}

/// <summary>The numbers that an option takes; null where its type alone bounds them.</summary>
/// <param name="IsOpen">Whether the least number is itself left out.</param>
internal sealed record NumberBounds(decimal? Least, decimal? Most = null, bool IsOpen = false);

/// <summary>An option that says which numbers it takes.</summary>
internal interface INumberOption
{
    NumberBounds Bounds { get; }
}

/// <summary>An option whose value is a number within bounds; <see cref="OptionValues"/> refuses others before the command runs.</summary>
/// <typeparam name="T">int, long, ulong or double, or one of them that may be left out.</typeparam>
internal sealed class NumberOption<T>(string name, params string[] aliases) : Option<T>(name, aliases), INumberOption
{
    public required NumberBounds Bounds { get; init; }
}
