using System.Text;

namespace CortexMl.Text;

/// <summary>Double-quoted strings of the text form: escapes are <c>\" \\ \n \r \t</c> and <c>\u{hex}</c> for other control characters.</summary>
public static class Quoted
{
    public static string Write(string text)
    {
        var result = new StringBuilder("\"");
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                < ' ' or '\u007f' => result.Append("\\u{").Append(((int)c).ToString("x", System.Globalization.CultureInfo.InvariantCulture)).Append('}'),
                _ => result.Append(c),
            };
        }
        return result.Append('"').ToString();
    }
}
