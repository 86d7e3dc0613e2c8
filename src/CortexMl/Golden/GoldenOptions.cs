using System.Globalization;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu;

namespace CortexMl.Golden;

/// <summary>
/// The options of a <c>//!</c> line: <c>--name=value</c> and <c>--name value</c>, of a command that there is, with values that mean
/// something.
/// </summary>
internal sealed class GoldenOptions
{
    private static readonly string[] s_formats = ["text", "kernels", "ptx", "assembly"], s_strips = ["names", "scales"],
        s_prints = ["graph", "demand"],
        s_shows = ["graph", "digests", "gas", "storage", "bounds", "accuracy"];

    private static readonly string[] s_sets = [.. AssemblyListing.Sets.Select(InWords)];

    private static readonly Dictionary<string, string[]> s_commands = new(StringComparer.Ordinal)
    {
        ["opt"] = ["passes", "stop-after", "rewrite-limit", "plugin", "print"],
        ["print"] = ["strip", "format", "instructions"],
        ["compile"] =
        [
            "model", "params", "calibration", "scheme", "random-data", "data", "samples", "scale", "test", "labels", "limit", "passes",
            "stop-after", "input-precision", "output-precision", "min-db", "gas-budget", "restore", "plugin", "show", "snapshot",
        ],
        ["run"] = ["passes", "plugin"],
    };

    private readonly List<KeyValuePair<string, string>> _given = [];

    /// <exception cref="DiagnosticException">CML0911.</exception>
    public GoldenOptions(IReadOnlyList<string> words)
    {
        Command = words.Count > 0 ? words[0] : "";
        if (!s_commands.TryGetValue(Command, out string[]? known))
            throw Unknown($"a golden file runs {string.Join(", ", s_commands.Keys)}, not '{Command}'",
                Nearest.Hint(Command, s_commands.Keys));
        for (int i = 1; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal)) throw Unknown($"'{words[i]}' is no option");
            string[] parts = words[i][2..].Split('=', 2);
            if (!known.Contains(parts[0]))
                throw Unknown($"{Command} has no option '--{parts[0]}' in golden files", Nearest.Hint(parts[0], known));
            if (parts.Length == 1 && i + 1 == words.Count) throw Unknown($"option '{words[i]}' has no value");
            if (parts[0] != "plugin" && Has(parts[0])) throw Unknown($"option '--{parts[0]}' stands twice");
            _given.Add(new(parts[0], parts.Length == 2 ? parts[1] : words[++i]));
        }
        if (Text("format") is { } format && !s_formats.Contains(format))
            throw Unknown($"there is no format '{format}'", Nearest.Hint(format, s_formats));
        if (Text("instructions") is { } set && !s_sets.Contains(set))
            throw Unknown($"no code is generated for '{set}'", Nearest.Hint(set, s_sets));
        if (Text("print") is { } print && !s_prints.Contains(print))
            throw Unknown($"'{print}' cannot be printed", Nearest.Hint(print, s_prints));
        foreach (string strip in List("strip").Except(s_strips))
            throw Unknown($"'{strip}' cannot be stripped", Nearest.Hint(strip, s_strips));
        foreach (string show in List("show").Except(s_shows))
            throw Unknown($"'{show}' cannot be shown", Nearest.Hint(show, s_shows));
        foreach (string count in (string[])["rewrite-limit", "random-data", "samples", "limit", "input-precision", "output-precision"])
            Number(count);
        foreach (string number in (string[])["scale", "min-db", "gas-budget"]) Real(number);
        if (Has("labels") && !Has("test")) throw Unknown("--labels are those of --test");
    }

    public string Command { get; }

    public IReadOnlyList<string> Plugins => [.. _given.Where(o => o.Key == "plugin").Select(o => o.Value)];

    public bool Has(string name) => _given.Exists(o => o.Key == name);

    public string? Text(string name) => Has(name) ? _given.Find(o => o.Key == name).Value : null;

    public IReadOnlyList<string> List(string name) =>
        (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public int? Number(string name) => Text(name) is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
        : throw Unknown($"'{text}' is no number for --{name}");

    public double? Real(string name)
    {
        if (Text(name) is not { } text) return null;
        try
        {
            return ScalarText.Parse(text);
        }
        catch (DiagnosticException)
        {
            throw Unknown($"'{text}' is no number for --{name}");
        }
    }

    /// <summary>Whether a part of the report is wanted: all are, unless some are named.</summary>
    public bool Shows(string part) => !Has("show") || List("show").Contains(part);

    /// <summary>What assembly is made of.</summary>
    public CpuInstructions Instructions =>
        Text("instructions") is { } given ? AssemblyListing.Sets.Single(set => InWords(set) == given) : AssemblyListing.Sets[0];

    private static string InWords(CpuInstructions set) => set.ToString().ToLowerInvariant();

    private static DiagnosticException Unknown(string message, string? hint = null) => new(GoldenCodes.UnknownCommand, message, hint: hint);
}
