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

    /// <summary>Whether the failure of a pass is shown with the stack of its exception.</summary>
    public bool IsVerbose { get; set; }

    /// <summary>The run file that the command line named in place of a model; null for none.</summary>
    public Commands.RunFiles.GivenRun? RunFile { get; set; }

    /// <summary>
    /// Parts that a command joins in place of doing its work; null for work. See <see cref="Commands.Arguments.MergedCall"/>.
    /// </summary>
    public Sharding.PartSet? Merging { get; set; }

    /// <summary>Called when the command ends, however it ends: writes a trace of the passes that ran, and the constants of dumps.</summary>
    public Action? AtEnd { get; set; }

    /// <summary>What replays the failure of a pass: a text and the constants that it names; null while none failed.</summary>
    public (string Text, IReadOnlyList<(string Key, Tensor Tensor)> Constants)? Reproducer { get; set; }

    /// <summary>Diagnostics, one below the other; --quiet keeps errors and warnings.</summary>
    public void Show(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics.Where(d => !IsQuiet || d.Severity != Severity.Note))
            Terminal.Error.Write(diagnostic.WithExcerpt() + "\n");
    }

    /// <summary>Warnings and notes of this call. A command that fails shows those that it had not shown yet before the error.</summary>
    public DiagnosticBag Notes { get; } = new();

    private int _shownNotes;

    /// <summary>The notes and these, each once in a call.</summary>
    public void ShowNotes(IEnumerable<Diagnostic> diagnostics)
    {
        Notes.AddRange(diagnostics);
        ShowNotes();
    }

    /// <inheritdoc cref="ShowNotes(IEnumerable{Diagnostic})"/>
    public void ShowNotes()
    {
        Show(Notes.Items.Skip(_shownNotes));
        _shownNotes = Notes.Items.Count;
    }

    /// <summary>How progress is told: one of <see cref="ProgressForms"/>; null for a bar where someone watches.</summary>
    public string? Progress { get; set; }

    /// <summary>Runs long work under a progress bar where someone watches, or as --progress says.</summary>
    public T WithProgress<T>(Func<IProgressSink, T> work) => (Progress ?? (IsQuiet ? ProgressForms.None : ProgressForms.Bar)) switch
    {
        ProgressForms.Plain => work(new ProgressLines(Terminal.Error)),
        ProgressForms.Bar when Terminal.IsInteractive => ProgressBars.Run(Terminal.Console, work),
        _ => work(NoProgress.Instance),
    };
}
