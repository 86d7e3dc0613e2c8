using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Cli;

/// <summary>One call of the command: its terminal, how much it tells, and the reproducer of a failing pass.</summary>
public sealed class Session(Terminal terminal)
{
    public Terminal Terminal { get; } = terminal;

    public bool IsQuiet { get; set; }

    /// <summary>What replays the failure of a pass: a text and the constants that it names; null while none failed.</summary>
    public (string Text, IReadOnlyList<(string Key, Tensor Tensor)> Constants)? Reproducer { get; set; }

    /// <summary>Diagnostics, one below the other.</summary>
    public void Show(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics) Terminal.Error.Write(diagnostic + "\n");
    }

    /// <summary>Warnings and notes; --quiet keeps the warnings.</summary>
    public void ShowNotes(IEnumerable<Diagnostic> diagnostics) => Show(diagnostics.Where(d => !IsQuiet || d.Severity != Severity.Note));

    /// <summary>Runs long work under a progress bar where someone watches.</summary>
    public T WithProgress<T>(Func<IProgressSink, T> work) =>
        Terminal.IsInteractive && !IsQuiet ? ProgressBars.Run(Terminal.Console, work) : work(NoProgress.Instance);
}
