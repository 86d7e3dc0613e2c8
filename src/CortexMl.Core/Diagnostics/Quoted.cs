using System.Buffers;
using System.Globalization;
using System.Text;

namespace CortexMl.Diagnostics;

/// <summary>
/// Double-quoted strings of the text form: escapes are <c>\" \\ \n \r \t</c> and <c>\u{hex}</c> for other characters that show nothing.
/// </summary>
public static class Quoted
{
    public static string Write(string text)
    {
        var result = new StringBuilder("\"");
        for (int at = 0, length; at < text.Length; at += length)
        {
            // Half of a pair is no character and has no escape: it stays.
            bool isWhole = Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out length) == OperationStatus.Done;
            _ = text[at] switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ when isWhole && Printable.IsHidden(Rune.GetUnicodeCategory(rune)) =>
                    result.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}"),
                _ => result.Append(text, at, length),
            };
        }
        return result.Append('"').ToString();
    }

    /// <summary>The text behind a string literal, quotes included; null where an escape names no character.</summary>
    public static string? Read(ReadOnlySpan<char> literal)
    {
        var body = literal[1..^1];
        var result = new StringBuilder(body.Length);
        for (int i = 0; i < body.Length; i++)
        {
            if (body[i] != '\\')
            {
                result.Append(body[i]);
                continue;
            }
            switch (body[++i])
            {
                case 'n': result.Append('\n'); break;
                case 'r': result.Append('\r'); break;
                case 't': result.Append('\t'); break;
                case 'u':
                    int length = body[i..].IndexOf('}') - 2;
                    if (!uint.TryParse(
                        body.Slice(i + 2, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
                        || !Rune.IsValid(code)) return null;
                    result.Append(new Rune(code).ToString());
                    i += length + 2;
                    break;
                case var quoted: result.Append(quoted); break;
            }
        }
        return result.ToString();
    }
}
