using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Reports;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml check</c>: would the runtime accept these files?</summary>
internal static class CheckCommand
{
    private const string Description = """
        Check CVM files as the runtime does, without running them: exit 0 accepted, 1 rejected, 2 unreadable.

        A model on which the reference's devices may disagree is accepted with a warning; --strict rejects it.

        Examples:
          cortexml check out
          cortexml check out/symbol out/params --json
        """;

    public static Command Create(Session session)
    {
        var files = new Argument<string[]>("DIR | SYMBOL PARAMS")
        {
            Description = "A folder with symbol and params, or the two files", Arity = new ArgumentArity(1, 2),
        };
        var strict = new Option<bool>("--strict") { Description = "Reject models that are not portable" };
        Option<bool> edited = CommonOptions.AcceptEdited(), json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("check", Description) { files, strict, edited, json, quiet };
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            string[] paths = parsed.GetValue(files)!;
            var result = paths.Length == 2
                ? ModelCheck.Run(paths[0], paths[1], parsed.GetValue(edited))
                : ModelCheck.RunFolder(paths[0], parsed.GetValue(edited));
            var report = CheckReport.Of(result);
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(report));
            else
            {
                session.Show(result.Findings);
                if (!session.IsQuiet) session.Terminal.Error.Write(Summary(report));
            }
            bool accepted = result.Status == CvmStatus.Ok && (result.IsPortable || !parsed.GetValue(strict));
            return accepted ? ExitCodes.Ok : ExitCodes.Failed;
        },
        parsed => parsed.GetValue(files) is { Length: 2 } both ? both.Select(path => (Action)(() => InputFile.Check(path))) : []);
        return command;
    }

    private static string Summary(CheckReport report) => report.Status == "ok"
        ? $"accepted{(report.Portable ? "" : ", not portable")}: gas {Tables.Number(report.Gas!.Value)}, "
            + $"storage {Counted.Grouped(report.Storage!.Value, "byte")}, "
            + $"input {Counted.Grouped(report.InputLength!.Value, "byte")}, output {Counted.Grouped(report.OutputLength!.Value, "byte")}\n"
        : $"rejected: {report.Status} error at {report.Stage}\n";
}
