using CortexMl.Passes;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

/// <summary>The words of --progress.</summary>
internal static class ProgressForms
{
    public const string Bar = "bar", Plain = "plain", None = "none";
}

/// <summary>A line for each tenth of a stage of long work: for logs.</summary>
internal sealed class ProgressLines(TextWriter writer) : IProgressSink
{
    private const int Parts = 10;

    private readonly Dictionary<string, long> _told = new(StringComparer.Ordinal);

    public void Report(string stage, long done, long total)
    {
        long part = total <= 0 ? Parts : Math.Min(Parts, done * Parts / total);
        lock (_told)
        {
            if (_told.TryGetValue(stage, out long told) && told == part) return;
            _told[stage] = part;
            writer.Write(FormattableString.Invariant($"{stage}: {part * (100 / Parts)} % ({done} of {total})\n"));
        }
    }
}

/// <summary>One bar per stage of long work.</summary>
internal static class ProgressBars
{
    public static T Run<T>(IAnsiConsole console, Func<IProgressSink, T> work) =>
        console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Sink(context)));

    private sealed class Sink(ProgressContext context) : IProgressSink
    {
        private readonly Dictionary<string, ProgressTask> _tasks = new(StringComparer.Ordinal);

        public void Report(string stage, long done, long total)
        {
            lock (_tasks)
            {
                if (!_tasks.TryGetValue(stage, out var task))
                    _tasks[stage] = task = context.AddTask(Tables.Cell(stage), maxValue: Math.Max(1, total));
                task.Value = done;
            }
        }
    }
}
