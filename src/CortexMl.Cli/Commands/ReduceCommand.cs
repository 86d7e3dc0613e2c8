using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Comparing;
using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Loading;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml reduce</c>: the smallest graph of which a condition holds.</summary>
internal static class ReduceCommand
{
    private const string Description = """
        Shrink a graph while a command still shows what is looked for: a miscompile, a failing pass, a crash.

        The command is run on smaller and smaller texts, whose path stands for {} or is added at the end; what is looked for is there as
        long as it ends with the exit code of --exit (0). Operations are cut off at the end and at the beginning and left out in between,
        until nothing more can go. A command that begins with cortexml runs within this one, without starting a program each time.

        Writes the graph that is left, and beside it an .npz with the constants that are too large for a text.

        Examples:
          cortexml reduce net.cml --while "cortexml compare {} --random 4 --passes my-pass --plugin mine.dll --min-db 60" --exit 1
          cortexml reduce cortexml-reproducer-1f0c2a9b.cml --while "cortexml opt {} --passes my-pass --plugin mine.dll" --exit 3
          cortexml reduce net.onnx --while "python3 is-wrong.py {}" -o small.cml
        """;

    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "A text with one graph (.cml), of any level, or a model" };
        var condition = new Option<string>("--while")
        {
            HelpName = "CMD", Description = "The command that shows what is looked for", Required = true,
        };
        var exit = new Option<int>("--exit")
        {
            HelpName = "N", Description = "With this exit code it is still there", DefaultValueFactory = _ => 0,
        };
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "FILE", Description = "Where the smaller graph goes; NAME.reduced.cml in the current folder where left out",
        };
        var plugins = CommonOptions.Plugins("Class library with the operators of the text; the command of --while names it for itself");
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("reduce", Description) { file, condition, exit, output, plugins, json, quiet };
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            LoadPlugins(parsed);
            string path = parsed.GetValue(file)!;
            var model = ModelLoader.Load(path, modelOptions.Read(parsed), session.Notes);
            session.ShowNotes();
            var (graph, report) = session.WithProgress(progress =>
                Reduction.Run(model.Graph, parsed.GetValue(condition)!, parsed.GetValue(exit), CommandLine.RunSilently, progress));
            string target = parsed.GetValue(output) ?? Path.ChangeExtension(InputFile.DisplayName(path), ".reduced.cml");
            Reduction.Write(graph, target);
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(report));
            else if (!session.IsQuiet)
                session.Terminal.Error.Write($"{Counted.Of(report.Before, "operation")} became {Counted.Of(report.After, "operation")} in "
                    + $"{Counted.Of(report.Tries, "run")}: {Printable.Name(target)}\n");
            return ExitCodes.Ok;
        },
        parsed => [.. modelOptions.Checks(parsed, parsed.GetValue(file)!), () => LoadPlugins(parsed)]);
        return command;

        void LoadPlugins(ParseResult parsed) => PipelineCheck.Check(null, null, parsed.GetValue(plugins)!);
    }
}
