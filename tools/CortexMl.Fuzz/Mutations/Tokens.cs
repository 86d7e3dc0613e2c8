namespace CortexMl.Fuzz.Mutations;

/// <summary>
/// Text in pieces: words, numbers, single signs, white space. Strings fall into words and quotes, so that what is inside is changed too.
/// </summary>
internal static class Tokens
{
    public static List<byte[]> Split(ReadOnlySpan<byte> text)
    {
        var tokens = new List<byte[]>();
        for (int start = 0; start < text.Length;)
        {
            int end = start + 1;
            var kind = KindOf(text[start]);
            while (kind != Kind.Sign && end < text.Length && KindOf(text[end]) == kind) end++;
            tokens.Add([.. text[start..end]]);
            start = end;
        }
        return tokens;
    }

    public static bool IsNumber(byte[] token) => KindOf(token[0]) == Kind.Number;

    private static Kind KindOf(byte sign) => sign switch
    {
        >= (byte)'0' and <= (byte)'9' or (byte)'-' => Kind.Number,
        >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z' or (byte)'_' or >= 0x80 => Kind.Word,
        (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' => Kind.Space,
        _ => Kind.Sign,
    };

    private enum Kind { Number, Word, Space, Sign }
}
