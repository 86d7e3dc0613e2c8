using System.CommandLine;
using CortexMl.Cli.Presentation;
using CortexMl.Compiling;
using CortexMl.Files;
using CortexMl.Passes;
using CortexMl.Passes.Instrumentation;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Options about passes and about watching them.</summary>
internal sealed class PassArguments
{
    private readonly Option<string?> _passes = new("--passes")
    {
        HelpName = "PIPELINE",
        Description = "Passes to run, e.g. 'canonicalize,quantize{weights=per-tensor}', or edits of the default: "
            + "'default,mine@before:quantize,-fuse-scale'; 'cortexml passes' lists them",
    };

    private readonly Option<bool> _print = new("--print-pipeline")
    {
        Description = "Print the passes that would run, with every option, and run none",
    };

    private readonly Option<string?> _stopAfter = new("--stop-after") { HelpName = "PASS", Description = "End after this pass" };

    private readonly Option<string[]> _skip = new("--skip")
    {
        HelpName = "PASS", Description = "Leave this pass out, wherever it stands; may be given several times",
        DefaultValueFactory = _ => [],
    };

    private readonly NumberOption<long?> _limit = new("--rewrite-limit")
    {
        Bounds = new(0), HelpName = "N", Description = "Stop rewriting after N rewrites: halving N finds the one that breaks a network",
    };

    private readonly Option<bool> _log = new("--log-rewrites")
    {
        Description = "Print every rewrite to the error stream: its number, pass, rule and operation",
    };

    private readonly Option<string?> _dump = new("--dump-ir")
    {
        HelpName = "WHEN[:PASS,…]",
        Description = "Print the graph around passes to the error stream: before, after, change (after, where it changed) or diff; "
            + "of all passes, or of those named",
    };

    private readonly Option<string?> _dumpFolder = new("--dump-dir")
    {
        HelpName = "DIR", Description = "Write what --dump-ir shows into this folder, a file a pass",
    };

    private readonly Option<string?> _trace = new("--trace")
    {
        HelpName = "FILE", Description = "Write when each pass ran and how long, for Chrome's about:tracing or Perfetto",
    };

    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "Show the stack of the exception with which a pass fails",
    };

    private readonly Option<bool> _timing = new("--timing") { Description = "Print the time and the rewrites of every pass" };
    private readonly Option<bool> _verify = new("--verify-each")
    {
        Description = "Check the graph after every pass (default; --verify-each false leaves it out)", DefaultValueFactory = _ => true,
    };

    private readonly Option<string[]> _plugins = CommonOptions.Plugins();

    private readonly bool _isWhole;

    /// <param name="isWhole">Whether the command itself says where the pipeline ends.</param>
    public PassArguments(Command command, bool isWhole = false)
    {
        _isWhole = isWhole;
        Option[] all = [_passes, _print, _stopAfter, _skip, _limit, _log, _dump, _dumpFolder, _timing, _trace, _verify, _verbose, _plugins];
        foreach (var option in all.Where(option => !isWhole || option != _stopAfter)) command.Options.Add(option);
    }

    /// <exception cref="Diagnostics.DiagnosticException">CML0901.</exception>
    public Pipeline? Pipeline(ParseResult parsed) => parsed.GetValue(_passes) is { } text ? Passes.Pipeline.Parse(text) : null;

    /// <summary>Whether the pipeline is only to be shown.</summary>
    public bool Prints(ParseResult parsed) => parsed.GetValue(_print);

    public string? StopAfter(ParseResult parsed) => parsed.GetValue(_stopAfter);

    public IReadOnlyList<string> Skip(ParseResult parsed) => parsed.GetValue(_skip)!;

    public long? RewriteLimit(ParseResult parsed) => parsed.GetValue(_limit);

    public bool VerifyEach(ParseResult parsed) => parsed.GetValue(_verify);

    public IReadOnlyList<string> Plugins(ParseResult parsed) => parsed.GetValue(_plugins)!;

    /// <summary>Loads the plugins, before a text is read: it may use rows of theirs.</summary>
    public void LoadPlugins(ParseResult parsed) => PipelineCheck.Check(null, null, Plugins(parsed));

    /// <summary>What can be said about passes before a model is read.</summary>
    public IEnumerable<Action> Checks(ParseResult parsed) =>
        [() => PipelineCheck.Check(parsed.GetValue(_passes), _isWhole ? null : StopAfter(parsed), Plugins(parsed)), () => Dump(parsed)];

    /// <exception cref="Diagnostics.DiagnosticException">CML0934, CML0940.</exception>
    private DumpRequest? Dump(ParseResult parsed)
    {
        var request = parsed.GetValue(_dump) is { } text ? DumpRequest.Parse(text) : null;
        if (request is null && parsed.GetValue(_dumpFolder) is not null)
            throw new Diagnostics.DiagnosticException(CliCodes.Usage, "--dump-dir without --dump-ir writes nothing",
                hint: "say what to write: --dump-ir after");
        if (parsed.GetValue(_dumpFolder) is { } folder) TextOutput.Folder(folder);
        return request;
    }

    /// <summary>What watches the passes: dumps, times, and the reproducer of a failure.</summary>
    public Watch Watching(ParseResult parsed, Session session)
    {
        var times = parsed.GetValue(_timing) ? new PassTimes() : null;
        List<IPassInstrumentation> all =
            [new Reproducer(InternalErrors.Tensors, (text, constants) => session.Reproducer = (text, constants), Replaying(parsed))];
        session.IsVerbose = parsed.GetValue(_verbose);
        if (times is not null) all.Add(times);
        if (parsed.GetValue(_log)) all.Add(new RewriteLog(note => session.Terminal.Error.Write(note + "\n")));
        string? folder = parsed.GetValue(_dumpFolder);
        if (Dump(parsed) is { } dump)
        {
            if (folder is null) all.Add(dump.Dump(session.Terminal.Error));
            else
            {
                all.Add(dump.DumpInto(folder, out var finish));
                session.AtEnd += finish;
            }
        }
        if (parsed.GetValue(_trace) is { } file)
        {
            var trace = new PassTrace();
            all.Add(trace);
            session.AtEnd += () => AtomicFile.WriteText(file, trace.ToJson());
        }
        return new Watch(all, times);
    }

    /// <summary>What a reproducer has to say beside the pass.</summary>
    private string[] Replaying(ParseResult parsed) =>
    [
        .. Plugins(parsed).Select(plugin => $"--plugin={Path.GetRelativePath(".", plugin)}"),
        .. VerifyEach(parsed) ? Array.Empty<string>() : ["--verify-each=false"],
    ];

    /// <param name="Times">Null where they were not asked for.</param>
    internal sealed record Watch(IReadOnlyList<IPassInstrumentation> Instrumentations, PassTimes? Times)
    {
        public void Show(Session session) => session.Terminal.Error.Write(Times?.ToString() ?? "");
    }
}
