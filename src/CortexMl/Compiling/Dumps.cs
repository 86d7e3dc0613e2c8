using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;
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

    /// <param name="folder">
    /// Gets a file for each text: <c>23-quantize.after.cml</c>; null writes all of them to <paramref name="writer"/>.
    /// </param>
    public IPassInstrumentation Dump(string? folder, TextWriter writer) =>
        new GraphDump(Flags, graph => TextPrinter.Print(graph), dumped => Show(dumped, folder, writer), Passes);

    private DumpWhen Flags => When switch { "before" => DumpWhen.Before, "after" => DumpWhen.After, _ => DumpWhen.Changed };

    private void Show(DumpedText dumped, string? folder, TextWriter writer)
    {
        bool isDifference = When == Difference;
        string text = isDifference ? Changes(dumped) : dumped.Text;
        if (folder is null)
        {
            writer.Write($"// {dumped.Title}\n{text}");
            return;
        }
        string number = dumped.Number.ToString("00", CultureInfo.InvariantCulture);
        string kind = isDifference ? Difference : When == "before" ? "before.cml" : "after.cml";
        AtomicFile.WriteText(Path.Combine(folder, $"{number}-{dumped.Pass}.{kind}"), $"// {dumped.Title}\n{text}");
    }

    private static string Changes(DumpedText dumped)
    {
        var (before, after) = ($"before {dumped.Pass}", $"after {dumped.Pass}");
        string text = UnidiffRenderer.GenerateUnidiff(dumped.Before, dumped.Text, before, after, false, false, 1);
        return text.ReplaceLineEndings("\n").TrimEnd() + "\n";
    }
}
