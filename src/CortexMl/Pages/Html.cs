using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Pages;

/// <summary>A piece of a page. What is put into it from outside is escaped by the way in which it is made.</summary>
internal readonly record struct Html(string Text)
{
    public static Html Empty { get; } = new("");

    /// <summary>The literal parts as they are, and what fills the holes escaped, pieces of pages apart.</summary>
    public static Html Of(HtmlParts parts) => new(parts.ToString());

    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    public override string ToString() => Text;
}

/// <summary>Fills the holes of a literal: <c>Html.Of($"&lt;b&gt;{name}&lt;/b&gt;")</c> escapes the name.</summary>
[InterpolatedStringHandler]
internal readonly struct HtmlParts
{
    private readonly StringBuilder _text;

    public HtmlParts(int literalLength, int formattedCount) => _text = new(literalLength + 16 * formattedCount);

    public void AppendLiteral(string text) => _text.Append(text);

    public void AppendFormatted(string? text) => _text.Append(WebUtility.HtmlEncode(Printable.Escape(text ?? "")));

    public void AppendFormatted(Html piece) => _text.Append(piece.Text);

    public void AppendFormatted(IEnumerable<Html> pieces)
    {
        foreach (var piece in pieces) _text.Append(piece.Text);
    }

    public void AppendFormatted<T>(T number, string? format = null)
        where T : struct, IFormattable => AppendFormatted(number.ToString(format, CultureInfo.InvariantCulture));

    public override string ToString() => _text.ToString();
}
