using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>Numbers of things in messages come from <see cref="Counted"/>: no text that users see says "1 nodes".</summary>
public sealed partial class PluralTests
{
    /// <summary>Verbs and other words that end with an s and are no plurals.</summary>
    private static readonly HashSet<string> s_noPlurals = new(StringComparer.Ordinal)
    {
        "allows", "always", "address", "as", "axis", "belongs", "bias", "bounds", "brings", "carries", "compares", "costs", "declares",
        "depends", "does", "drops", "ends", "exceeds", "finds", "fits", "gives", "goes", "has", "holds", "is", "its", "keeps", "lacks",
        "leads", "leaves", "less",
        "lies", "makes", "moves", "needs", "reaches", "selects", "stands", "starts", "takes", "this", "unless",
        "unpacks", "uses", "was", "works", "writes",
    };

    /// <summary>Units; measured times and shares are no counts ("1.00 times as fast", "a drop of 1.00 points").</summary>
    private static readonly HashSet<string> s_units = new(StringComparer.Ordinal) { "ms", "gas", "times", "points" };

    /// <summary>Holes that are no counts, or counts that cannot be 1, with the word behind them.</summary>
    private static readonly HashSet<string> s_allowed = new(StringComparer.Ordinal)
    {
        // Constants above 1, and least and largest widths of options.
        "ShiftBudget.Total bits", "Pieces.HashSize bytes", "Format(StreamLimit) bytes", "declared.Max bits", "declared.Default bits",
        // Names before the verb "names".
        "text names", "op.Get(attribute) names",
        // Types of elements, and products.
        "tensor.DType elements", "entry.Type elements", "Spell(dims) elements", "height pixels",
    };

    [Fact]
    public void No_message_puts_a_plural_behind_a_number_that_may_be_1() => Assert.Empty(
        from file in Product.TextFiles(".cs")
        where file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("passes/", StringComparison.Ordinal)
        from line in File.ReadLines(Repository.Path(file.Split('/'))).Index()
        from found in Findings(line.Item)
        select $"{file}:{line.Index + 1}: {found}: write Counted.Of");

    [Theory]
    [InlineData("""throw Bad($"there are {nodes.Count} nodes");""", "nodes.Count nodes")]
    [InlineData("""Tell($"{a} of {list.Count(l => l is { Length: 1 })} further findings");""",
        "list.Count(l => l is { Length: 1 }) further findings")]
    [InlineData("""Tell($"{size:N0} bytes");""", "size:N0 bytes")]
    [InlineData("""Row("storage", Number(report.Storage) + " bytes");""", "+ bytes")]
    [InlineData("""Tell($"only {left} are left");""", "left are left")]
    [InlineData("""Tell($"{end - at} remain");""", "end - at remain")]
    public void Such_a_message_is_found(string line, string finding) => Assert.Equal([finding], Findings(line));

    [Theory]
    [InlineData("""Tell($"there are {Counted.Of(nodes.Count, "node")} in it");""")]
    [InlineData("""Tell($"{name} is at most {Counted.Of(max, "byte")} long and has more than {CvmRules.MaxElements} elements");""")]
    [InlineData("""if (Read(x) is { Count: > 0 } values) return values;""")]
    [InlineData("""Row("speed", $"{rate:F1} images/s");""")]
    [InlineData("""/// <c>{count} nodes</c>""")]
    public void What_is_no_such_message_is_left_alone(string line) => Assert.Empty(Findings(line));

    /// <returns>What stands in the hole, and the words behind it.</returns>
    private static IEnumerable<string> Findings(string line)
    {
        if (line.TrimStart().StartsWith("//", StringComparison.Ordinal)) yield break;
        foreach (Match match in Behind().Matches(line))
        {
            string hole = Hole(line, match.Index), word = match.Groups["noun"].Value;
            if (s_noPlurals.Contains(word) || s_units.Contains(word) || hole.StartsWith("Counted.", StringComparison.Ordinal)) continue;
            string found = $"{hole} {match.Groups["words"].Value}";
            if (!Constant().IsMatch(hole) && !s_allowed.Contains(found)) yield return found;
        }
        foreach (Match match in Appended().Matches(line)) yield return $"+ {match.Groups["noun"].Value}";
    }

    /// <summary>What stands between the brace at an index and the one that opens it, on the same line.</summary>
    private static string Hole(string line, int end)
    {
        int start = end - 1;
        for (int depth = 1; start >= 0; start--)
        {
            depth += line[start] switch { '}' => 1, '{' => -1, _ => 0 };
            if (depth == 0) break;
        }
        return line[(start + 1)..end];
    }

    // A hole ends without a space before its brace, a property pattern with one. A verb counts only where it can have no other subject.
    [GeneratedRegex(@"(?<! )\} (?<words>((positive, finite|more|further|new|random|other|different|input|output|hexadecimal|whole) )?"
        + @"(?<noun>[a-z]+s)\b(?!/)"
        + @"|(are (left|needed|given|taken)|remain|follow|have|need|take)\b)", RegexOptions.ExplicitCapture)]
    private static partial Regex Behind();

    [GeneratedRegex(@"\+ ""\s(?<noun>[a-z]+s)\b")]
    private static partial Regex Appended();

    [GeneratedRegex(@"^(Number|Format|Numbers\.Format)?\(?([A-Z]\w*\.)?(Max|Largest|Most)[A-Z]?\w*\)?$|^(Number\()?int\.MaxValue\)?$")]
    private static partial Regex Constant();
}
