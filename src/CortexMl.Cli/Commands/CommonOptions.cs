using System.CommandLine;
using System.Globalization;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary>Options that many commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json") { Description = "Write the result as JSON to standard output" };

    public static Option<bool> Quiet() => new("--quiet") { Description = "No progress, tables or notes; warnings and errors stay" };

    public static Option<bool> AcceptEdited() => new("--accept-edited") { Description = "Read a compiled folder although files in it were changed since they were written together" };

    public static Option<string> Engine() => new("--engine") { HelpName = "NAME", Description = $"What runs an integer model: {string.Join(", ", EngineChoice.Names)} (the fastest that can)", DefaultValueFactory = _ => "auto" };

    /// <summary>Of ilgpu-cpu, opencl and cuda.</summary>
    public static Option<int> Device()
    {
        var option = new Option<int>("--device") { HelpName = "N", Description = "Which of the engine's devices, from 0: see 'cortexml devices'" };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int device) && device < 0)
                result.AddError($"--device {device}: devices are counted from 0");
        });
        return option;
    }

    public static Option<int> Threads(string description = "Threads; 0 for one per core", int standard = 0)
    {
        var option = new Option<int>("--threads") { HelpName = "N", Description = description, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out int threads) && threads < 0)
                result.AddError($"--threads {threads}: give 1 or more, or 0 for one per core");
        });
        return option;
    }

    public static Option<double?> InputScale()
    {
        var option = new Option<double?>("--input-scale")
        {
            HelpName = "S",
            Description = "For a model without model.io.json: integer = real · S"
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double scale)
                && !(scale > 0 && double.IsFinite(scale)))
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"--input-scale {scale}: a number above 0 is needed"));
        });
        return option;
    }

    public static Option<bool> Integer() => new("--integer") { Description = "The data already are the model's integers; they are checked against its precision" };
}
