using System.Globalization;
using System.Text;

namespace CortexMl.Diagnostics;

/// <summary>
/// Text from outside (names in models and archives, file names, quoted input) in a form that a terminal only shows: what would move the
/// cursor, colour, hide or turn around what stands beside it becomes <c>\n \r \t</c> or <c>\u{hex}</c>, the escapes of the text form.
/// </summary>
public static class Printable
{
    /// <summary>A quoted text or a list within a message, and a name in a table, are cut to this many characters.</summary>
    public const int NameLength = 160;

    private const int LineLength = 2000, Considered = 1 << 14;

    /// <summary>All of the text in one line.</summary>
    public static string Escape(string text) => Escape(text, keepsLines: false);

    /// <summary>Text of several lines: their ends and tabs stay.</summary>
    public static string Lines(string text) => Escape(text, keepsLines: true);

    /// <summary>A name in one line, cut where it is long.</summary>
    public static string Name(string text) => Cut(Escape(text), NameLength);

    /// <summary>
    /// A sentence in one line; long texts in quotes and long lists in it are cut: <c>'xxxx… (9,000 more characters) …xxxx'</c>.
    /// </summary>
    public static string Line(string text) => Cut(CutQuoted(Cut(Escape(text), Considered)), LineLength);

    /// <summary>
    /// JSON with the characters that its writers leave as they are though they show nothing: <c>\u202e</c>. They stand in strings alone.
    /// </summary>
    public static string Json(string json)
    {
        if (!json.AsSpan().ContainsAnyExceptInRange('\n', '~')) return json;
        var result = new StringBuilder(json.Length);
        foreach (char c in json)
        {
            if (c > '~' && IsHidden(CharUnicodeInfo.GetUnicodeCategory(c))) result.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else result.Append(c);
        }
        return result.ToString();
    }

    private static string Escape(string text, bool keepsLines)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        var result = new StringBuilder(text.Length);
        for (int at = 0, length; at < text.Length; at += length)
        {
            bool isWhole = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out length) == System.Buffers.OperationStatus.Done;
            bool stays = isWhole && (!IsHidden(Rune.GetUnicodeCategory(rune)) || (keepsLines && text[at] is '\n' or '\t'));
            _ = (stays, text[at]) switch
            {
                (true, _) => result.Append(text, at, length),
                (_, '\n') => result.Append("\\n"),
                (_, '\r') => result.Append("\\r"),
                (_, '\t') => result.Append("\\t"),
                _ => result.Append(CultureInfo.InvariantCulture, $"\\u{{{(isWhole ? rune.Value : text[at]):x}}}"),
            };
        }
        return result.ToString();
    }

    /// <summary>Controls, marks that turn the direction of writing or take no room, separators of lines, halves of pairs.</summary>
    internal static bool IsHidden(UnicodeCategory category) => category
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string CutQuoted(string text)
    {
        if (text.Length <= NameLength) return text;
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int end = Closing(text, at) is { } closing ? text.IndexOf(closing, at + 1) : -1;
            if (end < 0) result.Append(text[at++]);
            else
            {
                result.Append(text[at]).Append(Cut(text[(at + 1)..end], NameLength)).Append(text[end]);
                at = end + 1;
            }
        }
        return result.ToString();
    }

    /// <summary>What ends a quotation or list that starts here; null for other characters, and for an apostrophe within a word.</summary>
    private static char? Closing(string text, int at) => text[at] switch
    {
        '"' => '"',
        '[' => ']',
        '\'' when at == 0 || !char.IsLetterOrDigit(text[at - 1]) => '\'',
        _ => null,
    };

    private static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        int head = length * 3 / 4, tail = text.Length - length / 8;
        if (char.IsHighSurrogate(text[head - 1])) head--;
        if (char.IsLowSurrogate(text[tail])) tail++;
        return string.Create(CultureInfo.InvariantCulture,
            $"{text[..head]}… ({Counted.Grouped(tail - head, "more character")}) …{text[tail..]}");
    }
}
