using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Text;

/// <summary>Whatever a text is, reading it ends with graphs or with diagnostics.</summary>
public sealed class MutationTests
{
    private static readonly string[] Pieces =
        ["%", "@", "\"", "[", "]", "{", "}", "(", ")", ",", ":", "=", "-", "->", " 0 ", "99999999999999999999", "[]", "[-1]",
            "[2147483647, 2]", "\\u{d800}", "NaN",
         "axis 1: @", "graph", "quant ", "return", "f64[2]", "i32", "i8", "f32", "random(", "dense<sha256:", "1e999", "//", "\n",
         "é", "\0"];

    [Fact]
    public void Mutated_texts_are_read_or_refused()
    {
        string[] texts = [.. Directory.EnumerateFiles(Repository.Path("grammar", "examples"), "*.cml").Order(StringComparer.Ordinal)
            .Select(File.ReadAllText),
            "quant graph @q(%x: i8[1, 2] @ axis 1: @t) {\n @t: f64[2] = [1, 2]\n %0, %\"a\\n\" = cvm.get_valid_counts(%x) {score_threshold = 1} : i8[1], i8[1]\n return %0\n}\n"];
        var random = new Random(1);
        var options = new ParseOptions { MaxMemory = 1 << 22 };
        for (int round = 0; round < 1500; round++)
        {
            string text = Mutated(texts[random.Next(texts.Length)], random);
            try
            {
                TextParser.Parse(text, options: options);
            }
            catch (DiagnosticException refused)
            {
                Assert.NotEmpty(refused.Diagnostics);
            }
            catch (Exception bug)
            {
                Assert.Fail($"{bug}\n{text}");
            }
        }
    }

    private static string Mutated(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (int edits = random.Next(1, 4); edits > 0; edits--)
        {
            int at = random.Next(result.Length), length = Math.Min(random.Next(1, 12), result.Length - at);
            switch (random.Next(4))
            {
                case 0: result.Remove(at, length); break;
                case 1: result.Insert(at, Pieces[random.Next(Pieces.Length)]); break;
                case 2: result.Insert(at, text.AsSpan(random.Next(text.Length - 12), 12)); break;
                default: result[at] = "0123456789[],%@ax-.\n"[random.Next(20)]; break;
            }
        }
        return result.ToString();
    }
}
