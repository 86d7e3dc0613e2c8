using System.Globalization;
using System.Text;

namespace CortexMl.Fuzz.Mutations;

/// <summary>Changes of texts that keep most of their grammar.</summary>
internal static class TokenChange
{
    private const int DeepestNest = 3000;

    private static readonly byte[][] s_numbers = Bytes(
        "0", "1", "2", "3", "4", "-1", "-2", "-3", "-4", "-5", "5", "6", "7", "8", "9", "16", "31", "32", "33", "64", "127", "128", "255",
        "256", "4096", "4097", "65536", "16777216", "16777217", "1073741824",
        "2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "9223372036854775807",
        "-9223372036854775808", "18446744073709551616",
        "99999999999999999999999", "0.5", "1e9", "1e999", "-0", "00", "+1");

    private static readonly byte[][] s_pieces = Bytes(
        "\"", "\\", "{", "}", "[", "]", "(", ")", ",", ":", "=", "%", "@", "//", "\n", "\0", "null", "true", "false", "None", "True", "NaN",
        "Infinity", "[]", "{}", "\"\"", "()", "(,)", "-", "é", "\\u0000",
        "\\ud800", "#", "/*", "axis", "data", "i8", "i32", "f32", "[0]", "[[]]");

    public static void Apply(List<byte[]> tokens, List<byte[]> others, Random random)
    {
        if (tokens.Count == 0) tokens.Add(s_pieces[random.Next(s_pieces.Length)]);
        int at = random.Next(tokens.Count), length = Math.Min(random.Next(2) == 0 ? 1 : random.Next(1, 60), tokens.Count - at);
        switch (random.Next(10))
        {
            case 0: tokens.RemoveRange(at, length); break;
            case 1: tokens.InsertRange(at, tokens.GetRange(random.Next(tokens.Count - length + 1), length)); break;
            case 2: tokens[at] = s_pieces[random.Next(s_pieces.Length)]; break;
            case 3: tokens.Insert(at, s_pieces[random.Next(s_pieces.Length)]); break;
            case 4: tokens[at] = tokens[random.Next(tokens.Count)]; break;
            case 5: Take(tokens, at, others, random); break;
            case 6 when random.Next(20) == 0: Nest(tokens, at, random); break;
            default: ChangeNumber(tokens, at, random); break;
        }
    }

    /// <summary>Numbers make most of what a format says: the next one from here gets another value.</summary>
    private static void ChangeNumber(List<byte[]> tokens, int from, Random random)
    {
        int at = tokens.FindIndex(from, Tokens.IsNumber);
        if (at < 0) return;
        bool isSmall = int.TryParse(tokens[at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value is > -(1 << 20) and < 1 << 20;
        tokens[at] = isSmall && random.Next(2) == 0
            ? Encoding.ASCII.GetBytes((value + random.Next(-2, 3)).ToString(CultureInfo.InvariantCulture))
            : s_numbers[random.Next(s_numbers.Length)];
    }

    private static void Take(List<byte[]> tokens, int at, List<byte[]> others, Random random)
    {
        if (others.Count == 0) return;
        int from = random.Next(others.Count), length = Math.Min(random.Next(1, 40), others.Count - from);
        tokens.InsertRange(at, others.GetRange(from, length));
    }

    private static void Nest(List<byte[]> tokens, int at, Random random)
    {
        byte[][] openers = Bytes("[", "{", "(", "{\"a\":", "[[", "\"");
        tokens.InsertRange(at, Enumerable.Repeat(openers[random.Next(openers.Length)], random.Next(1, DeepestNest)));
    }

    private static byte[][] Bytes(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];
}
