using System.Text;

namespace CortexMl.Cvm.Emit;

/// <summary>Strings with the only escapes that the runtime reads (CortexMl.Cvm/SPECIFICATION.md §4.1).</summary>
internal static class JsonQuote
{
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"", text.Length + 2);
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ => result.Append(c),
            };
        }
        return result.Append('"').ToString();
    }
}
