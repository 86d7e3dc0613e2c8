using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Files;
using Spectre.Console;

namespace CortexMl.Cli;

/// <summary>
/// Where a command reads and writes: machine output goes to <see cref="Output"/>, everything for people to <see cref="Error"/>.
/// </summary>
public sealed class Terminal(Stream input, Stream output, TextWriter error, bool interactive, bool colors, bool isOutputWatched = false)
{
    public Stream Input { get; } = input;

    public Stream Output { get; } = output;

    public TextWriter Error { get; } = new PrintableWriter(error);

    /// <summary>Whether a person watches: then progress bars move.</summary>
    public bool IsInteractive { get; } = interactive;

    /// <summary>Whether <see cref="Output"/> is a terminal: then results are for eyes, and a thousand lines are too many.</summary>
    public bool IsOutputWatched { get; } = isOutputWatched;

    /// <summary>Whether a message could not be written.</summary>
    public Func<bool> IsErrorLost { get; private init; } = () => false;

    /// <summary>Tables, bars and coloured text on <see cref="Error"/>.</summary>
    public IAnsiConsole Console { get; } = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = colors ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = colors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = interactive ? InteractionSupport.Detect : InteractionSupport.No,
        Out = new FixedWidthOutput(error, interactive),
    });

    public static Terminal Standard()
    {
        bool interactive = !System.Console.IsErrorRedirected;
        bool colors = interactive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        bool isErrorLost = false;
        var error =
            new StreamWriter(StandardStreams.Error(() => isErrorLost = true), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        return new(StandardStreams.Input(), StandardStreams.Output(), error, interactive, colors,
            isOutputWatched: !System.Console.IsOutputRedirected)
        {
            IsErrorLost = () => isErrorLost,
        };
    }

    /// <summary>Progress bars hide the cursor; a command that ends in the middle of one gives it back.</summary>
    public void ShowCursor()
    {
        if (IsInteractive) error.Write("\n\u001b[?25h");
    }

    /// <summary>Text for machines or for the next program.</summary>
    public void Write(string text)
    {
        Output.Write(Encoding.UTF8.GetBytes(Printable.Lines(text)));
        Output.Flush();
    }

    /// <exception cref="Diagnostics.DiagnosticException">CML0106: standard input has no end.</exception>
    public byte[] ReadBytes() => InputFile.ReadStream(Input, "standard input");

    /// <exception cref="Diagnostics.DiagnosticException">CML0106: standard input has no end.</exception>
    public string ReadInput()
    {
        using var reader = new StreamReader(new MemoryStream(ReadBytes()), Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>Lines that are not watched are as long as they need to be.</summary>
    private sealed class FixedWidthOutput(TextWriter writer, bool isTerminal) : IAnsiConsoleOutput
    {
        private const int UnwatchedWidth = 160;

        public TextWriter Writer => writer;

        public bool IsTerminal => isTerminal;

        public int Width => isTerminal ? Math.Max(40, System.Console.WindowWidth) : UnwatchedWidth;

        public int Height => 50;

        public void SetEncoding(Encoding encoding)
        {
        }
    }
}
