using System.CommandLine;
using CortexMl.Cli.Presentation;
using CortexMl.Compiling;
using CortexMl.Passes;
using CortexMl.Passes.Instrumentation;
using CortexMl.Text;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Options about passes and about watching them.</summary>
internal sealed class PassArguments
{
    private readonly Option<string?> _passes = new("--passes") { HelpName = "PIPELINE", Description = "Passes to run, e.g. 'canonicalize,quantize{weights=per-tensor}'; 'cortexml passes' lists them" };
    private readonly Option<string?> _stopAfter = new("--stop-after") { HelpName = "PASS", Description = "End after this pass" };

    private readonly Option<string?> _dump = new Option<string?>("--dump-ir")
    {
        HelpName = "WHEN",
        Description = "Print the graph around passes to the error stream: before, after, or change (only where it changed)",
    }
        .From("before", "after", "change");

    private readonly Option<bool> _timing = new("--timing") { Description = "Print the time and the rewrites of every pass" };
    private readonly Option<bool> _verify = new("--verify-each") { Description = "Check the graph after every pass (default; --verify-each false leaves it out)", DefaultValueFactory = _ => true };
    private readonly Option<string[]> _plugins =
        new("--plugin") { HelpName = "FILE", Description = "Class library with further passes", DefaultValueFactory = _ => [] };

    public PassArguments(Command command)
    {
        foreach (Option option in (Option[])[_passes, _stopAfter, _dump, _timing, _verify, _plugins]) command.Options.Add(option);
    }

    /// <exception cref="Diagnostics.DiagnosticException">CML0901.</exception>
    public Pipeline? Pipeline(ParseResult parsed) => parsed.GetValue(_passes) is { } text ? Passes.Pipeline.Parse(text) : null;

    public string? StopAfter(ParseResult parsed) => parsed.GetValue(_stopAfter);

    public bool VerifyEach(ParseResult parsed) => parsed.GetValue(_verify);

    public IReadOnlyList<string> Plugins(ParseResult parsed) => parsed.GetValue(_plugins)!;

    /// <summary>What can be said about passes before a model is read.</summary>
    public IEnumerable<Action> Checks(ParseResult parsed) =>
        [() => PipelineCheck.Check(parsed.GetValue(_passes), StopAfter(parsed), Plugins(parsed))];

    /// <summary>What watches the passes: dumps, times, and the reproducer of a failure.</summary>
    public Watch Watching(ParseResult parsed, Session session)
    {
        var times = parsed.GetValue(_timing) ? new PassTimes() : null;
        List<IPassInstrumentation> all =
            [new Reproducer(InternalErrors.TensorsOf(CommandLine.Reproducer), (text, constants) => session.Reproducer = (text, constants))];
        if (times is not null) all.Add(times);
        DumpWhen when = parsed.GetValue(
            _dump) switch
        {
            "before" => DumpWhen.Before,
            "after" => DumpWhen.After,
            "change" => DumpWhen.Changed,
            _ => DumpWhen.None,
        };
        if (when != DumpWhen.None) all.Add(new GraphDump(when, graph => TextPrinter.Print(graph), session.Terminal.Error));
        return new Watch(all, times);
    }

    /// <param name="Times">Null where they were not asked for.</param>
    internal sealed record Watch(IReadOnlyList<IPassInstrumentation> Instrumentations, PassTimes? Times)
    {
        public void Show(Session session) => session.Terminal.Error.Write(Times?.ToString() ?? "");
    }
}
