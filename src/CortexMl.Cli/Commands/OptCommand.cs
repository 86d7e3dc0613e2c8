using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Compiling;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Text;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml opt</c>: passes on a text.</summary>
internal static class OptCommand
{
    private const string Description = """
        Run passes on graphs in the text form and print what becomes of them.

        With --print demand: in which precision and scale the consumers of each value want it, and which freedom of scale they have.
        The float graph needs thresholds: 'within' of its types, as calibrate finds them.

        Examples:
          cortexml opt lenet.cml --passes=canonicalize,fuse-batch-norm
          cortexml opt lenet.cml --passes=canonicalize,fuse-scale --log-rewrites --rewrite-limit 12
          cortexml opt lenet.cml --passes=canonicalize,fuse-scale --dump-ir diff:fuse-scale
          cortexml print model-symbol.json | cortexml opt - --passes=canonicalize --dump-ir change
          cortexml opt 'golden/passes/fuse-batch-norm.cml#1'
        """;

    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A text with graphs (.cml), a model, GOLDEN#case, or - for standard input",
        };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FILE", Description = "Where the text goes, - for standard output", DefaultValueFactory = _ => TextOutput.Standard,
        };
        var print = new Option<string?>("--print")
        {
            HelpName = "WHAT", Description = "graph (default), or demand: what consumers ask of each value",
        }.From("graph", "demand");
        var quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("opt", Description) { file, output, print, quiet };
        var constants = new ConstantArguments(command);
        var modelOptions = new ModelArguments(command);
        var passes = new PassArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var notes = session.Notes;
            passes.LoadPlugins(parsed);
            var watch = passes.Watching(parsed, session);
            string path = parsed.GetValue(file)!;
            var options = modelOptions.Read(parsed);
            var given = GivenText.Read(session, path, options);
            var how = new PassManagerOptions
            {
                StopAfter = passes.StopAfter(parsed) ?? given.StopAfter, VerifyEach = passes.VerifyEach(parsed),
                RewriteLimit = passes.RewriteLimit(parsed), Skip = passes.Skip(parsed), Folder = given.Folder,
            };
            var pipeline = passes.Pipeline(parsed) ?? given.Pipeline ?? new Pipeline();
            string[] plugins = [.. passes.Plugins(parsed), .. given.Plugins];
            if (passes.Prints(parsed))
            {
                foreach (var level in given.Graphs.Select(g => g.Level).Distinct())
                    session.Terminal.Write($"{Optimizer.PipelineOf(level, pipeline, plugins, how.StopAfter)}\n");
                return ExitCodes.Ok;
            }
            session.WithProgress(progress =>
                Optimizer.Run(given.Graphs, pipeline, plugins, watch.Instrumentations, how, notes, progress));
            session.ShowNotes();
            watch.Show(session);
            string target = parsed.GetValue(output)!;
            if (parsed.GetValue(print) == "demand")
                TextOutput.Write(session, target, string.Join('\n', given.Graphs.Select(DemandListing.Print)));
            else constants.Write(parsed, session, target, given.Graphs, PrintOptions.Default);
            return ExitCodes.Ok;
        });
        return command;
    }
}
