using CortexMl.Diagnostics;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Text;

public sealed class TextFormatterTests
{
    [Theory]
    [InlineData("graph @g(%x:f32[1,2]){return %x}", "graph @g(%x: f32[1, 2]) {\n  return %x\n}\n")]
    [InlineData("// top\n\n\n\n// second\ngraph @g() { // behind\n\n // own\n return// end\n}// last\n// eof",
        "// top\n\n// second\ngraph @g() {  // behind\n  // own\n  return  // end\n}  // last\n// eof\n")]
    [InlineData("graph @a(){return}graph @b(){return}", "graph @a() {\n  return\n}\n\ngraph @b() {\n  return\n}\n")]
    [InlineData("graph @g(%x: f32[1]) { %0=nn.leaky_relu( %x ){slope=1} :f32[1]\n\n\n%1 = nn.add(%0 , // left\n %x)\n return %1,%0 }",
        "graph @g(%x: f32[1]) {\n  %0 = nn.leaky_relu(%x) {slope = 1} : f32[1]\n\n  // left\n  %1 = nn.add(%0, %x)\n  return %1, %0\n}\n")]
    [InlineData("quant graph @g(%x:i8[1]@10)->i8[1]@10 attributes{a=[1,2],b=\"c\"}{@w:i8[1]@10=random( 7 )"
        + " @v:f32[2] = file(\"a\",\"b\") return %x}",
        "quant graph @g(%x: i8[1] @ 10) -> i8[1] @ 10 attributes {a = [1, 2], b = \"c\"} {\n  @w: i8[1] @ 10 = random(7)\n"
        + "  @v: f32[2] = file(\"a\", \"b\")\n  return %x\n}\n")]
    [InlineData("", "")]
    [InlineData("// alone", "// alone\n")]
    public void Spaces_and_lines_change_and_words_do_not(string text, string formatted)
    {
        Assert.Equal(formatted, TextFormatter.Format(text));
        Assert.Equal(formatted, TextFormatter.Format(formatted));
        Assert.Equal(formatted, TextFormatter.Format(text.ReplaceLineEndings("\r\n")));
    }

    public static TheoryData<string> Texts => [.. new[] { "grammar/examples", "golden/passes" }
        .SelectMany(folder => Directory.EnumerateFiles(Repository.Path(folder.Split('/')), "*.cml")
            .Select(f => $"{folder}/{Path.GetFileName(f)}"))
        .Order(StringComparer.Ordinal)];

    /// <summary>Every comment is there, in its order, and so is every other word.</summary>
    [Theory]
    [MemberData(nameof(Texts))]
    public void Texts_keep_their_words_and_comments(string file)
    {
        string text = File.ReadAllText(Repository.Path(file.Split('/')));
        string formatted;
        try
        {
            formatted = TextFormatter.Format(text);
        }
        catch (DiagnosticException)
        {
            return; // A golden file with an expected error is no text as a whole.
        }
        Assert.Equal(Dense(text), Dense(formatted));
        Assert.Equal(formatted, TextFormatter.Format(formatted));
    }

    [Theory]
    [InlineData("golden/models/mnist-mlp/mnist-mlp.onnx")]
    [InlineData("grammar/examples/lenet.cml")]
    public void What_the_printer_prints_stays_as_it_is(string model)
    {
        string text = CliRun.Of("print", Repository.Path(model.Split('/'))).Output;
        Assert.NotEqual("", text);
        Assert.Equal(text, TextFormatter.Format(text));
    }

    [Fact]
    public void The_command_prints_writes_and_checks()
    {
        using var folder = new TemporaryFolder();
        string good = folder.Write("good.cml", "graph @g() {\n  return\n}\n"), bad = folder.Write("bad.cml", "graph @g(){return} // x");
        Assert.Equal((1, $"{bad}\n"), (CliRun.Of("fmt", "--check", good, bad).Exit, CliRun.Of("fmt", "--check", good, bad).Output));
        Assert.Equal("graph @g() {\n  return\n}  // x\n", CliRun.Of("fmt", bad).Output);
        Assert.Equal("graph @g() {\n  return\n}\n", CliRun.With("graph @g() { return }", "fmt", "-").Output);
        Assert.Equal(0, CliRun.Of("fmt", "--write", good, bad).Exit);
        Assert.Equal("graph @g() {\n  return\n}  // x\n", File.ReadAllText(bad));
        Assert.Equal(2, CliRun.Of("fmt", folder.Write("broken.cml", "graph @g( {")).Exit);
        Assert.Equal(2, CliRun.Of("fmt", "--write", "--check", good).Exit);
    }

    private static string Dense(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
