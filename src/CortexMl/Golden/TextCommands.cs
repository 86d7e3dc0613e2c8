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
public sealed class TextCommands(PassRegistry registry, Func<PassServices> services) : IGoldenCommands
{
    private static readonly Dictionary<string, string[]> s_options = new(StringComparer.Ordinal)
    {
        ["opt"] = ["passes", "stop-after", "rewrite-limit"],
        ["print"] = ["strip", "format"],
    };

    private static readonly string[] s_formats = ["text", "kernels", "ptx"], s_strips = ["names", "scales"];

    /// <summary>Locations count from the first line of a case's input, so that cases do not depend on their neighbours.</summary>
    private const string InputName = "input";

    public void Check(IReadOnlyList<string> words) => Options(words);

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
                case "print" when options.GetValueOrDefault("format") is "kernels":
                    output.AppendJoin(
                    '\n', TextParser.Parse(input, InputName).Select(KernelListing.Text)); break;
                case "print" when options.GetValueOrDefault("format") is "ptx":
                    output.AppendJoin(
                    '\n', TextParser.Parse(input, InputName).Select(KernelListing.Ptx)); break;
                default: output.Append(TextPrinter.Print(TextParser.Parse(input, InputName), Printing(options))); break;
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

    /// <summary><c>--name=value</c> and <c>--name value</c>, of a command that there is, with values that mean something.</summary>
    /// <exception cref="DiagnosticException">CML0911.</exception>
    private static Dictionary<string, string> Options(IReadOnlyList<string> words)
    {
        string command = words.Count > 0 ? words[0] : "";
        if (!s_options.TryGetValue(command, out string[]? known))
            throw Unknown($"a golden file of text runs {string.Join(" or ", s_options.Keys)}, not '{command}'",
                Nearest.Hint(command, s_options.Keys));
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 1; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal)) throw Unknown($"'{words[i]}' is no option");
            string[] parts = words[i][2..].Split('=', 2);
            if (parts.Length == 1 && i + 1 == words.Count) throw Unknown($"option '{words[i]}' has no value");
            if (!known.Contains(parts[0]))
                throw Unknown($"{command} has no option '--{parts[0]}' in golden files", Nearest.Hint(parts[0], known));
            if (!options.TryAdd(parts[0], parts.Length == 2 ? parts[1] : words[++i])) throw Unknown($"option '--{parts[0]}' stands twice");
        }
        if (options.TryGetValue("format", out string? format) && !s_formats.Contains(format))
            throw Unknown($"there is no format '{format}'", Nearest.Hint(format, s_formats));
        foreach (string strip in options.GetValueOrDefault("strip", "").Split(',', StringSplitOptions.RemoveEmptyEntries).Except(s_strips))
            throw Unknown($"'{strip}' cannot be stripped", Nearest.Hint(strip, s_strips));
        if (options.TryGetValue("rewrite-limit", out string? limit)) Limit(limit);
        return options;
    }

    private static long Limit(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit)
            ? limit
            : throw Unknown($"'{text}' is no number of rewrites");

    private static DiagnosticException Unknown(string message, string? hint = null) => new(GoldenCodes.UnknownCommand, message, hint: hint);
}
