using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using Xunit;

namespace CortexMl.Tests.Diagnostics;

/// <summary>Text from outside only shows: nothing in it moves the cursor, hides, turns around or fills the screen.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("conv0.weight", "conv0.weight")]
    [InlineData("größe 数 😀 C:\\x", "größe 数 😀 C:\\x")]
    [InlineData("\u001b[31m\a", "\\u{1b}[31m\\u{7}")]
    [InlineData("a\nb\r\tc", "a\\nb\\r\\tc")]
    [InlineData("\u009b\u202e\u2066\u200b\u2028\u2029\ufeff\u007f", "\\u{9b}\\u{202e}\\u{2066}\\u{200b}\\u{2028}\\u{2029}\\u{feff}\\u{7f}")]
    [InlineData("\U000e0041", "\\u{e0041}")]
    public void What_shows_nothing_is_escaped(string text, string expected) => Assert.Equal(expected, Printable.Escape(text));

    [Fact]
    public void Half_a_pair_is_escaped() => Assert.Equal("a\\u{d800}b\\u{dc00}", Printable.Escape("a" + '\ud800' + "b" + '\udc00'));

    [Fact]
    public void Lines_stay_lines() => Assert.Equal("a\n\tb\\r\\u{1b}", Printable.Lines("a\n\tb\r\u001b"));

    [Fact]
    public void Long_texts_in_quotes_and_long_lists_are_cut()
    {
        string x = new('x', 1000), list = string.Join(", ", Enumerable.Repeat("1", 1000));
        string cut = new string('x', 120) + "… (860 more characters) …" + new string('x', 20);
        Assert.Equal($"tensor '{cut}' is no model's tensor", Printable.Line($"tensor '{x}' is no model's tensor"));
        Assert.Equal($"file \"{cut}\"", Printable.Line($"file \"{x}\""));
        Assert.Equal($"the shape [{list[..120]}… (2,858 more characters) …{list[^20..]}]", Printable.Line($"the shape [{list}]"));
        Assert.InRange(Printable.Line(new string('y', 100_000)).Length, 1500, 2100);
    }

    [Fact]
    public void A_sentence_of_ordinary_length_stays_whole()
    {
        string names = string.Join(", ", Enumerable.Range(0, 150).Select(i => $"'node{i}'"));
        Assert.Equal(names, Printable.Line(names));
    }

    [Fact]
    public void A_name_cannot_make_lines_of_a_diagnostic()
    {
        var diagnostic = new Diagnostic("CML0000", Severity.Error, "no 'x\n  help: pay me'",
            SourceLocation.OfNode("n\u001b[2J\nm", "f\r.onnx"), "a\nb")
        {
            Details = ["  first", "  se\ncond"],
        };
        Assert.Equal("error CML0000: no 'x\\n  help: pay me'\n  first\n  se\\ncond\n  --> f\\r.onnx, node 'n\\u{1b}[2J\\nm'\n  help: a\\nb",
            diagnostic.ToString());
    }

    [Fact]
    public void The_text_form_escapes_them_and_reads_them_back()
    {
        string all = string.Concat(Enumerable.Range(0, 0xffff).Select(i => (char)i).Where(c => CharUnicodeInfo.GetUnicodeCategory(c)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));
        string written = Quoted.Write(all);
        Assert.Equal(written, Printable.Escape(written));
        Assert.Equal(all, Quoted.Read(written));
    }

    [Fact]
    public void JSON_keeps_its_meaning()
    {
        string json = System.Text.Json.JsonSerializer.Serialize("a\u202eb\u0001", Relaxed.Options);
        string shown = Printable.Json(json);
        Assert.Equal("\"a\\u202eb\\u0001\"", shown);
        Assert.Equal("a\u202eb\u0001", System.Text.Json.JsonSerializer.Deserialize<string>(shown));
    }
}

internal static class Relaxed
{
    public static System.Text.Json.JsonSerializerOptions Options { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
