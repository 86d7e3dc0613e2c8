using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml passes</c>: what a pipeline may name.</summary>
internal static class PassesCommand
{
    private const string Description = """
        List passes and the default pipeline, or say everything about one pass.

        Examples:
          cortexml passes
          cortexml passes quantize
          cortexml passes --plugin my-passes.dll
        """;

    public static Command Create(Session session)
    {
        var name = new Argument<string?>("NAME") { Description = "A pass", Arity = ArgumentArity.ZeroOrOne };
        var plugins = new Option<string[]>("--plugin")
        {
            HelpName = "FILE", Description = "Class library with further passes or calibration methods", DefaultValueFactory = _ => [],
        };
        var command = new TaughtCommand("passes", Description) { name, plugins };
        command.SetAction(parsed =>
        {
            var registry = PassTable.Registry();
            foreach (string plugin in parsed.GetValue(plugins)!) registry.LoadPlugin(plugin);
            session.Terminal.Write(parsed.GetValue(name) is { } wanted ? Describe(registry, wanted) : List(registry));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string List(PassRegistry registry) =>
        OpsText.Columns(registry.Passes.Select(p => (p.Name, p.Summary))) + $"\ndefault pipeline: {DefaultPipeline.Text}\n";

    private static string Describe(PassRegistry registry, string name)
    {
        var pass = registry.Passes.FirstOrDefault(p => p.Name == name) ?? throw new DiagnosticException([registry.Unknown(name)]);
        string levels = pass.ChangesLevel ? $"{LevelNames.Of(pass.From)} → {LevelNames.Of(pass.To)}" : LevelNames.Of(pass.From);
        string place = (pass.Before is { } next ? $"  asks to stand: before {next}\n" : "")
            + (pass.After is { } last ? $"  asks to stand: after {last}\n" : "");
        string options = OpsText.Columns(
            pass.Options.Select(o =>
            ($"  {o.Name}={o.Default}",
                o.Doc + (o.Choices.Count > 0 && o.Meanings.Count == 0 ? $" ({string.Join(", ", o.Choices)})" : ""))));
        string choices = string.Concat(pass.Options.Where(o => o.Meanings.Count > 0).Select(o =>
            $"{o.Name}\n{OpsText.Columns(o.Choices.Zip(o.Meanings, (choice, meaning) => ($"  {choice}", meaning)))}"));
        string alters = pass.Alters == GraphContract.None ? "" : $"  changes: {pass.Alters.ToString().ToLowerInvariant()}\n";
        return $"{pass.Name}\n  {pass.Summary}\n  levels: {levels}\n{alters}{place}{(pass.Options.Count > 0 ? "options\n" + options : "")}{choices}";
    }
}
