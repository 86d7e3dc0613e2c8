using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Passes;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml test</c>: golden files.</summary>
internal static class TestCommand
{
    private const string Description = """
        Run golden files: texts that say what to run, on what, and exactly what comes out.

        Exit 0: every case came out as its file says. 1: some did not. 2: nothing was run, because there is no golden file or no case that --filter
        names, or because a file is wrong: no //! line, a command or an option that there is not, a case without input. What is left out is told.

        Examples:
          cortexml test golden
          cortexml test golden/passes/fuse-batch-norm.cml --bless
        """;

    public static Command Create(Session session)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Golden files, or folders of them", Arity = ArgumentArity.OneOrMore };
        var bless = new Option<bool>("--bless") { Description = "Accept what comes out: rewrite the files" };
        var filter = new Option<string?>("--filter") { HelpName = "TEXT", Description = "Only cases whose file or title contains this" };
        var command = new TaughtCommand("test", Description) { paths, bless, filter };
        command.SetAction(parsed =>
        {
            var commands = new TextCommands(PassTable.Registry(), () => new PassServices());
            var notes = new DiagnosticBag();
            var results = GoldenRunner.Run(parsed.GetValue(paths)!, parsed.GetValue(filter), parsed.GetValue(bless), commands, notes);
            session.ShowNotes(notes.Items);
            foreach (var result in results.Where(r => r.Blessed)) session.Terminal.Error.Write($"blessed {result}\n");
            foreach (var result in results.Where(r => !r.Passed)) session.Terminal.Error.Write(result + "\n\n");
            int failed = results.Count(r => !r.Passed);
            session.Terminal.Write($"{results.Count - failed} passed, {failed} failed, {notes.Items.Count} skipped\n");
            return failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }
}
