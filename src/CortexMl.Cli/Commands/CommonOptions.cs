using System.CommandLine;

namespace CortexMl.Cli.Commands;

/// <summary>Options that many commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write the result as JSON to standard output" };

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress, tables or notes; warnings and errors stay" };

    public static Option<string> Engine() => new("--engine") { HelpName = "NAME", Description = "What runs an integer model: interpreter, cpu, or auto for the fastest that can", DefaultValueFactory = _ => "auto" };

    public static Option<int> Threads() => new("--threads") { HelpName = "N", Description = "Threads; 0 for one per core", DefaultValueFactory = _ => 0 };

    public static Option<double?> InputScale() => new("--input-scale") { HelpName = "S", Description = "For a model without model.io.json: integer = real · S" };

    public static Option<bool> Integer() => new("--integer") { Description = "The data already are the model's integers; they are checked against its precision" };
}
