using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Runs;

/// <summary>Settings of the reference tool's configuration as values; what is no such value is collected.</summary>
internal sealed class ConfigurationReader(IniFile file, string name)
{
    private const int MostRank = 6, Most = 1 << 24;

    public string Name { get; } = name;

    public DiagnosticBag Problems { get; } = new();

    public bool Has(string section) => file.Has(section);

    public IniSetting? Find(string section, string key) => file.Find(section, key);

    public string? Text(string section, string key) => Find(section, key)?.Value;

    public int? Whole(string section, string key)
    {
        if (Find(section, key) is not { } setting) return null;
        bool isWhole = int.TryParse(setting.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
        if (isWhole && number is > 0 and <= Most) return number;
        Refuse($"{setting.Key} '{Printable.Name(setting.Value)}': a whole number from 1 to {Most} is needed", setting);
        return null;
    }

    public double? Number(string section, string key)
    {
        if (Find(section, key) is not { } setting) return null;
        if (double.TryParse(setting.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            && double.IsFinite(number)) return number;
        Refuse($"{setting.Key} '{Printable.Name(setting.Value)}': a number is needed", setting);
        return null;
    }

    /// <summary><c>(-1, 3, 224, 224)</c>, where -1 is the batch.</summary>
    public IReadOnlyList<int>? Shape(string section, string key)
    {
        if (Find(section, key) is not { } setting) return null;
        string[] parts = setting.Value.Trim('(', ')', '[', ']')
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        int[] dims = [.. parts.Select(part => part == "-1" ? 1
            : int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int dim) ? dim : 0)];
        if (dims.Length is > 0 and <= MostRank && dims.All(dim => dim > 0)) return dims;
        Refuse($"{setting.Key} '{Printable.Name(setting.Value)}' is no shape", setting, "write (-1, 3, 224, 224); -1 is the batch");
        return null;
    }

    public void Missing(string section, string key) =>
        Problems.Error(LibraryCodes.Configuration, $"[{section}] {key} is missing or empty", new SourceLocation(Name));

    public void Refuse(string message, IniSetting setting, string? hint = null) =>
        Problems.Error(LibraryCodes.Configuration, message, setting.Location, hint);

    /// <summary>What a run file cannot say or need not, and what no configuration of the reference tool has.</summary>
    public void TellOthers(DiagnosticBag notes)
    {
        var needless = new List<string>();
        foreach (var setting in file.Settings.Where(s => s.Value.Length > 0))
        {
            var key = ReferenceKeys.All.FirstOrDefault(k =>
                k.Section == setting.Section && k.Key.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
            if (key is null) notes.Add(Unknown(setting));
            else if (key.Fate == KeyFate.Lost)
                notes.Warning(LibraryCodes.Untaken, $"[{key.Section}] {key.Key} is left out: {key.Becomes}", setting.Location);
            else if (key.Fate == KeyFate.Needless && !needless.Contains(key.Key)) needless.Add(key.Key);
        }
        if (needless.Count > 0)
            notes.Note(LibraryCodes.Untaken, $"not needed here: {string.Join(", ", needless)}", new SourceLocation(Name));
    }

    private static Diagnostic Unknown(IniSetting setting) => new(LibraryCodes.Untaken, Severity.Warning,
        $"[{Printable.Name(setting.Section)}] {Printable.Name(setting.Key)} is left out: the reference tool has no such key",
            setting.Location,
        Nearest.Hint(setting.Key, ReferenceKeys.All.Where(k => k.Section == setting.Section).Select(k => k.Key)));
}
