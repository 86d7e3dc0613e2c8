using System.Text;

namespace CortexMl.Golden;

/// <summary>The lines of a file with the ends that they have there, so that what is rewritten in part differs in that part alone.</summary>
internal sealed class GoldenLines
{
    private static readonly byte[] s_byteOrderMark = [0xef, 0xbb, 0xbf];

    private readonly List<string> _lines = [], _ends = [];

    private GoldenLines(bool hasMark) => HasMark = hasMark;

    /// <summary>Without their ends; a text that ends with one has no empty line behind it, unless it is all that there is.</summary>
    public IReadOnlyList<string> Lines => _lines;

    private bool HasMark { get; }

    /// <summary>The end that most lines have: that of the first.</summary>
    private string End => _ends.Find(end => end.Length > 0) ?? "\n";

    public static GoldenLines Of(ReadOnlySpan<byte> bytes)
    {
        bool hasMark = bytes.StartsWith(s_byteOrderMark);
        string text = Encoding.UTF8.GetString(hasMark ? bytes[s_byteOrderMark.Length..] : bytes);
        var lines = new GoldenLines(hasMark);
        for (int at = 0; at < text.Length || lines._lines.Count == 0;)
        {
            int end = text.IndexOf('\n', at);
            int stop = end < 0 ? text.Length : end > at && text[end - 1] == '\r' ? end - 1 : end, next = end < 0 ? text.Length : end + 1;
            lines._lines.Add(text[at..stop]);
            lines._ends.Add(text[stop..next]);
            at = next;
        }
        return lines;
    }

    /// <summary>Writes the lines again, some of them others.</summary>
    public sealed class Editor(GoldenLines lines)
    {
        private readonly StringBuilder _text = new();

        /// <summary>Lines as they are, with their ends.</summary>
        public void Keep(int from, int to)
        {
            for (int i = from; i < to; i++) EndLine().Append(lines._lines[i]).Append(lines._ends[i]);
        }

        public void Add(string line) => EndLine().Append(line).Append(lines.End);

        public byte[] Bytes()
        {
            byte[] text = Encoding.UTF8.GetBytes(_text.ToString());
            return lines.HasMark ? [.. s_byteOrderMark, .. text] : text;
        }

        /// <summary>The last line of a file may have no end; where something comes behind it, it gets one.</summary>
        private StringBuilder EndLine() => _text.Length == 0 || _text[^1] == '\n' ? _text : _text.Append(lines.End);
    }
}
