using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Passes.Instrumentation;
using CortexMl.Text;
using DiffPlex.Renderer;

namespace CortexMl.Compiling;

/// <summary>Which graphs are shown while passes run: <c>after</c>, or of chosen passes <c>diff:quantize,round-shift</c>.</summary>
public sealed record DumpRequest(string When, IReadOnlyList<string> Passes)
{
    /// <summary>What changed from the text before a pass to the one behind it.</summary>
    public const string Difference = "diff";

    public static IReadOnlyList<string> Times { get; } = ["before", "after", "change", Difference];

    /// <exception cref="DiagnosticException">CML0934: no such time.</exception>
    public static DumpRequest Parse(string text)
    {
        string[] parts = text.Split(':', 2);
        if (!Times.Contains(parts[0]))
            throw new DiagnosticException(LibraryCodes.OptionRange, $"--dump-ir {text}: '{parts[0]}' is no time to show a graph",
                hint: Nearest.Hint(parts[0], Times, $"write {string.Join(", ", Times)}; of chosen passes after:quantize,round-shift"));
        var passes = parts.Length == 1 ? [] : parts[1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new(parts[0], passes);
    }

    /// <summary>Shows texts one behind the other.</summary>
    public IPassInstrumentation Dump(TextWriter writer) =>
        new GraphDump(Flags, graph => TextPrinter.Print(graph), dumped => writer.Write($"// {dumped.Title}\n{Shown(dumped)}"), Passes);

    /// <param name="path">A folder that gets a file for each text: <c>23-quantize.after.cml</c>.</param>
    /// <param name="finish">To be called when the last pass ran or failed: it writes the constants that the texts name.</param>
    public IPassInstrumentation DumpInto(string path, out Action finish)
    {
        var folder = new DumpFolder(path);
        finish = folder.Finish;
        return new GraphDump(Flags, folder.Print, dumped => folder.Write(NameOf(dumped), $"// {dumped.Title}\n{Shown(dumped)}"), Passes);
    }

    private DumpWhen Flags => When switch { "before" => DumpWhen.Before, "after" => DumpWhen.After, _ => DumpWhen.Changed };

    private string Shown(DumpedText dumped) => When == Difference ? Changes(dumped) : dumped.Text;

    private string NameOf(DumpedText dumped)
    {
        string number = dumped.Number.ToString("00", CultureInfo.InvariantCulture);
        return $"{number}-{dumped.Pass}.{When switch { Difference => Difference, "before" => "before.cml", _ => "after.cml" }}";
    }

    private static string Changes(DumpedText dumped)
    {
        var (before, after) = ($"before {dumped.Pass}", $"after {dumped.Pass}");
        string text = UnidiffRenderer.GenerateUnidiff(dumped.Before, dumped.Text, before, after, false, false, 1);
        return text.ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
