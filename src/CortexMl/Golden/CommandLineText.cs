using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Golden;

/// <summary>A command line as one line of text: words between spaces, single and double quotes around what holds spaces.</summary>
public static class CommandLineText
{
    /// <exception cref="DiagnosticException">CML0911: a quote is not closed.</exception>
    public static IReadOnlyList<string> Words(string line)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        char quote = '\0';
        foreach (char c in line)
        {
            if (quote != '\0' && c == quote) quote = '\0';
            else if (quote == '\0' && (c is '\'' or '"')) (quote, word) = (c, word ?? new StringBuilder());
            else if (quote == '\0' && char.IsWhiteSpace(c)) Flush();
            else (word ??= new StringBuilder()).Append(c);
        }
        if (quote != '\0')
            throw new DiagnosticException(GoldenCodes.UnknownCommand, $"a quote {quote} is not closed", hint: $"write {quote} once more");
        Flush();
        return words;

        void Flush()
        {
            if (word is not null) words.Add(word.ToString());
            word = null;
        }
    }
}
