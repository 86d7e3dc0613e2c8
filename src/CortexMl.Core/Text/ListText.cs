using System.Globalization;
using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Text.Read;

namespace CortexMl.Text;

/// <summary>Reads a LIST token, <c>[1, 2, 3]</c>, without a string per element.</summary>
internal readonly ref struct ListText(TextSource source, IToken token)
{
    private readonly ReadOnlySpan<char> _body = source.TextOf(token)[1..^1];

    /// <summary>Number of elements: commas + 1, or 0 for <c>[]</c>.</summary>
    public int Count => _body.IsWhiteSpace() ? 0 : _body.Count(',') + 1;

    /// <summary>The elements as 64-bit integers, or null after reporting the first that is none.</summary>
    public long[]? Integers() => Read<long>(NumberStyles.AllowLeadingSign, "an integer");

    /// <summary>The elements as 32-bit floats, or null after reporting the first that is none or beyond their range.</summary>
    public float[]? Floats() => Read<float>(NumberStyles.Float, "a 32-bit float");

    public double[]? Doubles() => Read<double>(NumberStyles.Float, "a number");

    /// <summary>The elements as integers of magnitude up to <paramref name="bound"/>.</summary>
    public int[]? Integers(long bound)
    {
        var result = new int[Count];
        int at = 0, next = 0;
        foreach (var range in _body.Split(','))
        {
            if (result.Length == 0) break;
            var element = Trimmed(range, out at);
            if (!long.TryParse(element, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) || value < -bound
                || value > bound)
            {
                Report(at, element, string.Create(CultureInfo.InvariantCulture, $"an integer within ±{bound}"));
                return null;
            }
            result[next++] = (int)value;
        }
        return result;
    }

    private T[]? Read<T>(NumberStyles style, string expected) where T : struct, System.Numerics.INumber<T>
    {
        var result = new T[Count];
        int next = 0;
        foreach (var range in _body.Split(','))
        {
            if (result.Length == 0) break;
            var element = Trimmed(range, out int at);
            if (!T.TryParse(element, style, CultureInfo.InvariantCulture, out T value)
                || (T.IsInfinity(value) && !element.EndsWith("Infinity")))
            {
                Report(at, element, expected);
                return null;
            }
            result[next++] = value;
        }
        return result;
    }

    private ReadOnlySpan<char> Trimmed(Range range, out int at)
    {
        var element = _body[range];
        at = range.Start.Value + element.Length - element.TrimStart().Length;
        return element.Trim();
    }

    private void Report(int offset, ReadOnlySpan<char> element, string expected)
    {
        var before = _body[..offset];
        int lines = before.Count('\n');
        int column = lines == 0 ? token.Column + 2 + offset : offset - before.LastIndexOf('\n');
        string shown = element.Length <= 40 ? element.ToString() : $"{element[..40]}…";
        source.Error(new Diagnostic(DiagnosticCodes.UnsupportedLiteral, Severity.Error, $"list element '{shown}' is not {expected}",
            new SourceLocation(source.FileName, token.Line + lines, column)));
    }
}
