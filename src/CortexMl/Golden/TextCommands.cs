using System.Globalization;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu;
using CortexMl.Passes;
using CortexMl.Text;

namespace CortexMl.Golden;

/// <summary>
/// The commands of golden files that need nothing but the text: <c>opt --passes=PIPELINE [--stop-after=PASS] [--rewrite-limit=N]</c> and
/// <c>print [--strip=names,scales]</c>, <c>print --format=kernels|ptx</c>.
/// </summary>
/// <param name="services">What passes may use; called once per graph.</param>
public sealed class TextCommands(PassRegistry registry, Func<PassServices> services)
{
    /// <summary>Locations count from the first line of a case's input, so that cases do not depend on their neighbours.</summary>
    private const string InputName = "input";

    /// <summary>A <see cref="GoldenCommand"/>.</summary>
    public string Run(IReadOnlyList<string> words, string input, string folder)
    {
        var output = new StringBuilder();
        try
        {
            var options = Options(words);
            string command = words.Count > 0 ? words[0] : "";
            switch (command)
            {
                case "opt": Optimize(input, options, output); break;
                case "print" when options.GetValueOrDefault("format") is "kernels": output.AppendJoin('\n', TextParser.Parse(input, InputName).Select(KernelListing.Text)); break;
                case "print" when options.GetValueOrDefault("format") is "ptx": output.AppendJoin('\n', TextParser.Parse(input, InputName).Select(KernelListing.Ptx)); break;
                case "print": output.Append(TextPrinter.Print(TextParser.Parse(input, InputName), Printing(options))); break;
                default: throw Unknown($"a golden file of text runs opt or print, not '{command}'");
            }
        }
        catch (DiagnosticException error)
        {
            foreach (var diagnostic in error.Diagnostics) output.Append(diagnostic).Append('\n');
        }
        catch (PassFailedException error)
        {
            output.Append(error.Diagnostic).Append('\n');
        }
        return output.ToString();
    }

    private void Optimize(string input, Dictionary<string, string> options, StringBuilder output)
    {
        var pipeline = Pipeline.Parse(options.GetValueOrDefault("passes", ""));
        var graphs = TextParser.Parse(input, InputName);
        var warnings = new List<Diagnostic>();
        var manager = new PassManager(registry);
        var how = new PassManagerOptions
        {
            StopAfter = options.GetValueOrDefault("stop-after"),
            RewriteLimit = options.TryGetValue("rewrite-limit", out string? limit) ? Limit(limit) : null,
        };
        foreach (var graph in graphs)
        {
            var lent = services();
            manager.Run(graph, pipeline, lent, options: how);
            warnings.AddRange(lent.Diagnostics.Items);
        }
        output.Append(TextPrinter.Print(graphs));
        foreach (var warning in warnings) output.Append(warning).Append('\n');
    }

    private static PrintOptions Printing(Dictionary<string, string> options)
    {
        string[] strip = options.GetValueOrDefault("strip", "").Split(',');
        return new PrintOptions { StripNames = strip.Contains("names"), StripScales = strip.Contains("scales") };
    }

    /// <summary><c>--name=value</c> and <c>--name value</c>.</summary>
    private static Dictionary<string, string> Options(IReadOnlyList<string> words)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 1; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal)) throw Unknown($"'{words[i]}' is no option");
            string[] parts = words[i][2..].Split('=', 2);
            if (parts.Length == 1 && i + 1 == words.Count) throw Unknown($"option '{words[i]}' has no value");
            options[parts[0]] = parts.Length == 2 ? parts[1] : words[++i];
        }
        return options;
    }

    private static long Limit(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) ? limit : throw Unknown($"'{text}' is no number of rewrites");

    private static DiagnosticException Unknown(string message) => new(GoldenCodes.UnknownCommand, message);
}
