using System.Text;

namespace CortexMl.Golden;

/// <summary>A command line as one line of text: words between spaces, single and double quotes around what holds spaces.</summary>
public static class CommandLineText
{
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
        Flush();
        return words;

        void Flush()
        {
            if (word is not null) words.Add(word.ToString());
            word = null;
        }
    }
}
