using System.CommandLine;
using CortexMl.Benchmarks;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Comparing;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml report</c>: the page of a compilation, or two compilations beside each other.</summary>
internal static class ReportCommand
{
    private const string Description = """
        Write the page of a compiled folder again, or compare two compilations.

        With one folder DIR/report.html is written from what lies in it, the same bytes as compile wrote; with -o another file. --bench
        measures the folder on this machine and puts the time of each layer into the page: that page is no part of the result, so -o says
        where it goes. With two folders their figures stand side by side: accuracy, noise, gas, bytes and, in a page of -o, every
        layer whose noise, cost or threshold is another, the passes that one alone ran, and which files have the same bytes; all of that
        is in the JSON of --json, too. The figures of one folder are JSON already: DIR/report.json.

        Examples:
          cortexml report out
          cortexml report out --bench --threads 2 -o measured.html
          cortexml report out other
          cortexml report out other -o difference.html
          cortexml report out other --json
        """;

    public static Command Create(Session session)
    {
        var first = new Argument<string>("DIR") { Description = "A compiled folder" };
        var second = new Argument<string?>("OTHER")
        {
            Description = "Another one, to compare it with", Arity = ArgumentArity.ZeroOrOne,
        };
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "FILE", Description = "Where the page goes, - for standard output; DIR/report.html where left out",
        };
        var bench = new Option<bool>("--bench") { Description = "Measure DIR on this machine, and show the time of each layer" };
        var threads = CommonOptions.Threads("Threads of --bench that share the work of a run; 0 for one per core", standard: 1);
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("report", Description) { first, second, output, bench, threads, json, quiet };
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            string folder = parsed.GetValue(first)!;
            string? target = parsed.GetValue(output);
            if (parsed.GetValue(second) is { } other)
            {
                if (parsed.GetValue(bench))
                    throw new DiagnosticException(CliCodes.Usage, "--bench measures one folder, and two are compared");
                if (parsed.GetValue(json) && target == TextOutput.Standard)
                    throw new DiagnosticException(CliCodes.Usage, "standard output takes the page of -o or the JSON of --json, not both",
                        hint: "pass -o FILE");
                var compared = ReportComparison.OfFolders(folder, other);
                if (target is not null) TextOutput.Write(session, target, compared.ToHtml());
                if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(compared));
                else if (!session.IsQuiet) ReportTables.Show(session.Terminal.Console, compared);
                return ExitCodes.Ok;
            }
            if (parsed.GetValue(json))
                throw new DiagnosticException(CliCodes.Usage, "--json compares two folders, and one is named",
                    hint: $"the figures of one are in it: {CompileReport.FileName}");
            if (parsed.GetValue(bench) && target is null)
                throw new DiagnosticException(CliCodes.Usage, "a page with times is no part of the result",
                    hint: "pass -o FILE with --bench");
            var options = modelOptions.Read(parsed);
            var times = parsed.GetValue(bench) ? Measured(folder, options, parsed.GetValue(threads)) : null;
            string page = ReportFolder.Page(folder, times, options);
            session.ShowNotes();
            // Through the folder's manifest, which holds the page's digest.
            if (target is null) OutputFolder.Write(folder, [OutputFile.Text(ReportFolder.PageName, page)]);
            else TextOutput.Write(session, target, page);
            return ExitCodes.Ok;

            BenchReport Measured(string path, ModelOptions reading, int workers)
            {
                var model = ModelLoader.Load(path, reading, session.Notes);
                var running = new RunOptions { Engine = "cpu", Threads = workers };
                var report = Benchmark.Run(model, running with { ThreadsPerSample = running.Workers }, [], session.Notes, 1, null);
                return ReportFolder.WithLayers(report, model.Graph, path, session.Notes);
            }
        },
        parsed => modelOptions.Checks(parsed, Folders(parsed)));
        return command;

        string[] Folders(ParseResult parsed) =>
            parsed.GetValue(second) is { } other ? [parsed.GetValue(first)!, other] : [parsed.GetValue(first)!];
    }
}
