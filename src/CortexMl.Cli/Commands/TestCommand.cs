using System.CommandLine;
using System.Globalization;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Golden;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml test</c>: golden files.</summary>
internal static class TestCommand
{
    private const string Description = """
        Run golden files: texts that say what to run, on what, and exactly what comes out.

          //! opt --passes=fuse-batch-norm            the first line: opt, print, compile or run, with options
          graph @g(…) { … }                           the input; files that it names stand beside the golden file
          //? run @g([1, -2]) == [3]                  checks, beside the expected text or in its place: run on every engine,
          //? error CML0303 line 3: %y                a diagnostic that must come (also warning, note),
          //? contains nn.relu                        a part of the output (also lacks)
          //=                                         then exactly what comes out
          //-  a title                                starts the next case, which may have a line //! of its own

        opt takes --passes, --stop-after, --rewrite-limit, --plugin; print --strip, --format; run --passes, --plugin; compile most of
        its options, --model FILE in place of a text, --show graph,digests,gas,storage,bounds,accuracy (all by default), and --snapshot
        FOLDER for symbol, params and the calibration byte by byte. Paths are relative to the golden file.

        Exit 0: every case came out as its file says. 1: some did not, or a file is wrong, which is one failed case: no //! line, an
        option that there is not, a title that returns, a case without input. 2: nothing was run. What is left out is told. --bless keeps
        an error text only in a case that says that it expects one.

        Examples:
          cortexml test golden --junit golden.xml
          cortexml test golden/passes/fuse-batch-norm.cml --bless
          cortexml opt 'golden/passes/fuse-batch-norm.cml#1' --dump-ir change
        """;

    public static Command Create(Session session)
    {
        var paths = new Argument<string[]>("PATH") { Description = "Golden files, or folders of them", Arity = ArgumentArity.OneOrMore };
        var bless = new Option<bool>("--bless") { Description = "Accept what comes out: rewrite the files" };
        var filter = new Option<string?>("--filter") { HelpName = "TEXT", Description = "Only cases whose file or title contains this" };
        var list = new Option<bool>("--list") { Description = "Print the cases, as FILE#case, and run none" };
        var jobs = new NumberOption<int?>("--jobs")
        {
            Bounds = new(1), HelpName = "N", Description = "Cases at a time; as many as there are cores by default",
        };
        var junit = new Option<string?>("--junit") { HelpName = "FILE", Description = "Write the results as XML for build servers" };
        var plugins = new Option<string[]>("--plugin")
        {
            HelpName = "FILE", Description = "Class library with further passes, for all files", DefaultValueFactory = _ => [],
        };
        var json = CommonOptions.Json();
        var command = new TaughtCommand("test", Description) { paths, bless, filter, list, jobs, junit, plugins, json };
        command.SetAction(parsed =>
        {
            var commands = new GoldenCommands(parsed.GetValue(plugins)!);
            var notes = new DiagnosticBag();
            var tests = GoldenRunner.Discover(parsed.GetValue(paths)!, parsed.GetValue(filter), commands, notes);
            session.ShowNotes(notes.Items);
            if (parsed.GetValue(list))
            {
                session.Terminal.Write(string.Concat(tests.Select(test => test.Id + "\n")));
                return ExitCodes.Ok;
            }
            var results = GoldenRunner.Run(tests, commands, parsed.GetValue(bless), parsed.GetValue(jobs) ?? 0);
            foreach (var result in results.Where(r => r.Blessed)) session.Terminal.Error.Write($"blessed {result}\n");
            foreach (var result in results.Where(r => !r.Passed)) session.Terminal.Error.Write(result + "\n\n");
            int failed = results.Count(r => !r.Passed);
            if (parsed.GetValue(junit) is { } file) AtomicFile.Write(file, stream => stream.Write(GoldenReports.JUnit(results)));
            session.Terminal.Write(parsed.GetValue(json)
                ? GoldenReports.Json(results)
                : $"{results.Count - failed} passed, {failed} failed, {notes.Items.Count} skipped\n{Slowest(results)}");
            return failed == 0 ? ExitCodes.Ok : ExitCodes.Failed;
        });
        return command;
    }

    /// <summary>The case that took longest, where that is worth a line.</summary>
    private static string Slowest(IReadOnlyList<GoldenResult> results) =>
        results.MaxBy(r => r.Time) is { Time.TotalSeconds: >= 1 } slow
            ? string.Create(CultureInfo.InvariantCulture, $"slowest: {slow.Time.TotalSeconds:F1} s, {slow.Test}\n") : "";
}
