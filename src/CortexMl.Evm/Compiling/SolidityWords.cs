namespace CortexMl.Evm.Compiling;

/// <summary>A word or a sign of a source; no comment, and no part of a text.</summary>
/// <param name="Depth">Braces around it.</param>
internal sealed record SolidityWord(string Text, int Start, int Depth);

/// <summary>As much of Solidity's grammar as it takes to tell code from comments.</summary>
internal static class SolidityWords
{
    public static List<SolidityWord> Of(string source)
    {
        var words = new List<SolidityWord>();
        int depth = 0;
        for (int i = 0; i < source.Length;)
        {
            int end = End(source, i);
            char c = source[i];
            bool isComment = c == '/' && end - i > 1;
            if (!isComment && !char.IsWhiteSpace(c))
            {
                if (c == '}') depth--;
                words.Add(new(source[i..end], i, depth));
                if (c == '{') depth++;
            }
            i = end;
        }
        return words;
    }

    /// <summary>What the compiler sees, the same for two sources that differ in comments and white space alone.</summary>
    public static string Code(string source) => string.Join(' ', Of(source).Select(w => w.Text));

    /// <summary>Where the word, sign, text, comment or white space ends that begins here.</summary>
    private static int End(string source, int start)
    {
        char c = source[start];
        if (IsOfWord(c)) return EndOf(source, start, IsOfWord);
        if (char.IsWhiteSpace(c)) return EndOf(source, start, char.IsWhiteSpace);
        if (c is '"' or '\'') return EndOfText(source, start);
        if (source.AsSpan(start).StartsWith("//")) return EndOf(source, start, d => d != '\n');
        if (!source.AsSpan(start).StartsWith("/*")) return start + 1;
        int close = source.IndexOf("*/", start + 2, StringComparison.Ordinal);
        return close < 0 ? source.Length : close + 2;
    }

    private static int EndOfText(string source, int start)
    {
        for (int i = start + 1; i < source.Length; i++)
        {
            if (source[i] == '\\') i++;
            else if (source[i] == source[start]) return i + 1;
        }
        return source.Length;
    }

    private static int EndOf(string source, int start, Predicate<char> isIn)
    {
        int end = start;
        while (end < source.Length && isIn(source[end])) end++;
        return end;
    }

    private static bool IsOfWord(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '$';
}
