using System.CommandLine;
using System.CommandLine.Help;
using CortexMl.Cli.Commands;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.Chaining;
using CortexMl.Cli.Commands.Exporting;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Commands.Samples;
using CortexMl.Cli.Commands.Serving;
using CortexMl.Cli.Commands.Shells;
using CortexMl.Cli.Explaining;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Cli;

/// <summary>
/// The <c>cortexml</c> command: finds the subcommand, runs it, and turns whatever happens into messages and an exit status.
/// </summary>
public static class CommandLine
{
    private const string Summary = "Compile neural networks to the integer models of the Cortex Virtual Machine, and run them.";

    public static int Run(IReadOnlyList<string> args, Terminal terminal)
    {
        int status = Status(args, terminal);
        // A result whose warnings nobody could read is not simply right.
        return status == ExitCodes.Ok && terminal.IsErrorLost() ? ExitCodes.UserError : status;
    }

    private static int Status(IReadOnlyList<string> args, Terminal terminal)
    {
        var session = new Session(terminal);
        try
        {
            return Invoke(args, session);
        }
        catch (DiagnosticException error)
        {
            session.ShowNotes();
            session.Show(error.Diagnostics);
            return error.IsRejection ? ExitCodes.Failed : ExitCodes.UserError;
        }
        catch (PassFailedException error)
        {
            session.ShowNotes();
            session.Show([error.Diagnostic]);
            if (session.IsVerbose && error.InnerException is { } inner) terminal.Error.Write($"{inner}\n");
            InternalErrors.Save(session);
            return ExitCodes.InternalError;
        }
        catch (OutputLostException error)
        {
            terminal.Error.Write(
                $"error {CliCodes.OutputLost}: {error.Message}\n  help: look at the disk, or at the program that reads the output\n");
            return ExitCodes.UserError;
        }
        catch (OutOfMemoryException error)
        {
            var memory = GC.GetGCMemoryInfo();
            terminal.Error.Write(string.Create(System.Globalization.CultureInfo.InvariantCulture,
                $"error {CliCodes.OutOfMemory}: the memory of this machine does not suffice: "
                + $"{Counted.Grouped(memory.TotalAvailableMemoryBytes, "byte")}, of which {memory.HeapSizeBytes:N0} held ")
                + $"numbers when {(error is ShortOfMemoryException ? error.Message : "more were wanted")}\n"
                + "  help: use a smaller model, fewer samples at once (--threads 1), or a larger machine\n");
            return ExitCodes.UserError;
        }
        catch (Exception error)
        {
            terminal.Error.Write(
                $"internal error: {error.GetType().Name}: {error.Message}\n"
                + "  help: this is a bug in cortexml; please report it with the command line\n");
            return ExitCodes.InternalError;
        }
        finally
        {
            End(session);
        }
    }

    /// <summary>A call within a call, for conditions that are commands of this program: what it writes is thrown away.</summary>
    internal static int RunSilently(IReadOnlyList<string> args) =>
        Run(args, new Terminal(Stream.Null, Stream.Null, TextWriter.Null, interactive: false, colors: false));

    private static void End(Session session)
    {
        try
        {
            session.AtEnd?.Invoke();
        }
        catch (DiagnosticException error)
        {
            session.Show(error.Diagnostics);
        }
    }

    private static int Invoke(IReadOnlyList<string> args, Session session)
    {
        var terminal = session.Terminal;
        var root = Root(session);
        var parsed = RunWords.Expand(root, Usage.Parse(root, args), out var runFile);
        session.RunFile = runFile;
        if (Usage.Problems(parsed) is { Count: > 0 } problems)
        {
            session.Show(problems);
            terminal.Error.Write($"  help: {HelpText.Path(parsed.CommandResult.Command)} --help\n");
            return ExitCodes.UserError;
        }
        session.Progress = parsed.GetValue(root.Options.OfType<Option<string?>>().Single(o => o.Name == CommonOptions.ProgressName));
        if (parsed.Action is HelpAction) return Shown(HelpText.Of(parsed.CommandResult.Command));
        if (parsed.GetResult(root.Options.OfType<VersionOption>().Single()) is { Implicit: false }) return Shown(ProgramVersion.Text());
        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Error = terminal.Error });

        int Shown(string text)
        {
            terminal.Write(text);
            return ExitCodes.Ok;
        }
    }

    /// <summary>Every command; to look at them without running one.</summary>
    internal static RootCommand Root(Session session)
    {
        var root = Tree(session);
        root.Options.Add(CommonOptions.Progress());
        foreach (var command in ShellCommands.Create(session, () => Root(session))) root.Subcommands.Add(command);
        return root;
    }

    private static RootCommand Tree(Session session) => new(Summary)
    {
        CompileCommand.Create(session), CalibrateCommand.Create(session), EvalCommand.Create(session), MergeCommand.Create(session),
        DoctorCommand.Create(session),
        RunCommand.Create(session), CheckCommand.Create(session), VerifyCommand.Create(session), AuditCommand.Create(session),
        ReproduceCommand.Create(session), ReportCommand.Create(session), CompareCommand.Create(session), BisectCommand.Create(session),
        ReduceCommand.Create(session), BenchCommand.Create(session), OptCommand.Create(session), ReplayCommand.Create(session),
        PrintCommand.Create(session), DiffCommand.Create(session), TestCommand.Create(session), FmtCommand.Create(session),
        OpsCommand.Create(session),
        PassesCommand.Create(session), DevicesCommand.Create(session),
        ServeCommand.Create(session), ChainCommand.Create(session), ExportCommand.Create(session),
        InitCommand.Create(session), ImportIniCommand.Create(session), SchemaCommand.Create(session),
        ExplainCommand.Create(session), SampleCommand.Create(session),
    };
}
