using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Cli;

/// <summary>
/// Passes on text with everything escaped that would make a terminal do more than show it. Names are escaped where messages are made;
/// this is the net below, for texts of others: a library's exception, the parser of the command line, a golden file's difference.
/// </summary>
internal sealed class PrintableWriter(TextWriter writer) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    // Halves of a pair come one by one; neither does anything by itself.
    public override void Write(char value) => writer.Write(char.IsSurrogate(value) ? value.ToString() : Printable.Lines(value.ToString()));

    public override void Write(string? value) => writer.Write(Printable.Lines((value ?? "").ReplaceLineEndings("\n")));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void WriteLine() => writer.Write("\n");

    public override void WriteLine(string? value) => Write(value + "\n");

    public override void Flush() => writer.Flush();
}
