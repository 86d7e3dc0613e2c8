using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Comparing;
using CortexMl.Loading;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml diff</c>: what is another in a graph.</summary>
internal static class DiffCommand
{
    private const string Description = """
        Say what graph B has that A has not, operation by operation: added (+), removed (-), changed (~) with what is another.

        Operations are matched by what they are called and compute, not by their lines: an operation that moved or a value that was
        renumbered is no difference. compare says how far the numbers of two networks are apart. Exit code: 0 nothing differs,
        1 something does.

        Examples:
          cortexml diff before.cml after.cml
          cortexml diff net.cml net.onnx --format html -o difference.html
        """;

    public static Command Create(Session session)
    {
        var first = new Argument<string>("A") { Description = "A model, a text of any level, or a compiled folder" };
        var second = new Argument<string>("B") { Description = "Another one" };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FILE", Description = "Where it goes, - for standard output", DefaultValueFactory = _ => TextOutput.Standard,
        };
        var format = new Option<string?>("--format") { HelpName = "FORMAT", Description = "text (default) or html" }.From("text", "html");
        var all = new Option<bool>("--all") { Description = "Show what is the same too" };
        var json = CommonOptions.Json();
        var command = new TaughtCommand("diff", Description) { first, second, output, format, all, json };
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            var options = modelOptions.Read(parsed);
            var difference = GraphDifference.Of(Load(parsed.GetValue(first)!), Load(parsed.GetValue(second)!));
            session.ShowNotes();
            string text = parsed.GetValue(json) ? FileSchemas.Write(difference)
                : parsed.GetValue(format) == "html" ? difference.ToHtml() : difference.ToText(parsed.GetValue(all));
            TextOutput.Write(session, parsed.GetValue(output)!, text);
            return difference.IsAny ? ExitCodes.Failed : ExitCodes.Ok;

            Model Load(string path) => ModelLoader.WithNames(path, ModelLoader.Load(path, options, session.Notes), options);
        },
        parsed => modelOptions.Checks(parsed, parsed.GetValue(first)!, parsed.GetValue(second)!));
        return command;
    }
}
