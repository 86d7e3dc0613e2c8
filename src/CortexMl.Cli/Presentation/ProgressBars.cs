using CortexMl.Passes;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

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
