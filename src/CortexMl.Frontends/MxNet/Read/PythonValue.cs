using System.Globalization;

namespace CortexMl.Frontends.MxNet.Read;

/// <summary>
/// Attribute values in the spelling of Python: <c>(2, 2)</c>, <c>[2,2]</c>, <c>2L</c>, <c>True</c>, <c>None</c>, <c>1e-05</c>.
/// </summary>
internal static class PythonValue
{
    public static bool IsNone(string text) => text.Trim() is "None" or "null" or "";

    /// <summary>One integer or a tuple or list of them; null where it is neither.</summary>
    public static long[]? Ints(string text) =>
        OptionalInts(text) is { } values && Array.TrueForAll(values, v => v is not null) ? Array.ConvertAll(values, v => v!.Value) : null;

    /// <summary>One integer, a tuple, or a tuple of tuples, in one row; null where it is none of them.</summary>
    public static long[]? FlatInts(string text)
    {
        var body = text.AsSpan().Trim();
        if (!body.StartsWith("((", StringComparison.Ordinal) && !body.StartsWith("[[", StringComparison.Ordinal)) return Ints(text);
        var result = new List<long>();
        foreach (string pair in body[1..^1].ToString().Split([')', ']'], StringSplitOptions.TrimEntries))
        {
            if (pair is "," or "") continue;
            if (Ints(pair.TrimStart(',', '(', '[', ' ')) is not { } numbers) return null;
            result.AddRange(numbers);
        }
        return [.. result];
    }

    /// <summary>The same, where single elements may be <c>None</c>.</summary>
    public static long?[]? OptionalInts(string text)
    {
        var body = text.AsSpan().Trim();
        if (body is ['(', .., ')'] or ['[', .., ']']) body = body[1..^1].Trim();
        if (body.IsEmpty) return [];
        if (body[^1] == ',') body = body[..^1];
        var result = new List<long?>();
        foreach (var range in body.Split(','))
        {
            var element = body[range].Trim();
            if (element is "None") result.Add(null);
            else if (Int(element) is { } value) result.Add(value);
            else return null;
        }
        return [.. result];
    }

    public static long? Int(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text is [.., 'L']) text = text[..^1];
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null;
    }

    /// <summary>A finite number.</summary>
    public static double? Float(string text) =>
        double.TryParse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value)
            ? value : null;

    /// <summary>One finite number or a tuple or list of them; null where it is neither.</summary>
    public static double[]? Floats(string text)
    {
        string body = text.Trim();
        if (body is ['(', .., ')'] or ['[', .., ']']) body = body[1..^1].Trim();
        if (body.Length == 0) return [];
        double?[] values = [.. (body[^1] == ',' ? body[..^1] : body).Split(',').Select(Float)];
        return Array.TrueForAll(values, v => v is not null) ? Array.ConvertAll(values, v => v!.Value) : null;
    }

    public static bool? Bool(string text) => text.Trim() switch
    {
        "True" or "true" or "1" => true,
        "False" or "false" or "0" => false,
        _ => null,
    };
}
