using System.CommandLine;
using CortexMl.Golden;
using CortexMl.Passes;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml test</c>: golden files.</summary>
internal static class TestCommand
{
    private const string Description = """
        Run golden files: texts that say what to run, on what, and exactly what comes out.

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
            var results = GoldenRunner.Run(parsed.GetValue(paths)!, parsed.GetValue(filter), parsed.GetValue(bless), commands.Run);
            foreach (var result in results.Where(r => r.Blessed)) session.Terminal.Error.Write($"blessed {result}\n");
            foreach (var result in results.Where(r => !r.Passed)) session.Terminal.Error.Write(result + "\n\n");
            int failed = results.Count(r => !r.Passed);
            session.Terminal.Write($"{results.Count - failed} passed, {failed} failed, 0 skipped\n");
            return failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }
}
