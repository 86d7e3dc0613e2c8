using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Runs;

/// <summary>
/// One setting of a section: its key as it was written, its value with the lines that continue it, and where the key stands.
/// </summary>
internal sealed record IniSetting(string Section, string Key, string Value, SourceLocation Location);

/// <summary>
/// A configuration as Python's configparser reads it: <c>[SECTION]</c>, <c>key = value</c> or <c>key: value</c>, whole lines of comment
/// behind # or ;, values that go on in lines that are further in, keys without regard to case, and a section DEFAULT that holds for all.
/// </summary>
internal sealed class IniFile
{
    public const string Default = "DEFAULT";

    private const int MaxBytes = 1 << 20;

    private readonly List<IniSetting> _settings = [];

    private readonly HashSet<string> _sections = new(StringComparer.Ordinal);

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<IniSetting> Settings => _settings;

    public bool Has(string section) => _sections.Contains(section);

    /// <summary>The setting of a section, or else of DEFAULT; null where neither says anything.</summary>
    public IniSetting? Find(string section, string key) => Own(section, key) ?? Own(Default, key);

    /// <exception cref="DiagnosticException">CML0986: every line that is no configuration; CML0101, CML0102 of reading files.</exception>
    public static IniFile Read(string path)
    {
        string name = InputFile.DisplayName(path);
        if (new FileInfo(path) is { Exists: true, Length: > MaxBytes and var length })
            throw new DiagnosticException(LibraryCodes.Configuration,
                $"a configuration of {Counted.Grouped(length, "byte")}: {MaxBytes:N0} are allowed", new(name));
        return Parse(InputFile.ReadAllText(path), name);
    }

    public static IniFile Parse(string text, string name)
    {
        var (file, problems) = (new IniFile(), new DiagnosticBag());
        var (section, key, value) = ((string?)null, (IniSetting?)null, new StringBuilder());
        foreach (var (i, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] is '#' or ';') continue;
            var location = new SourceLocation(name, i + 1, 1 + line.IndexOf(trimmed[0], StringComparison.Ordinal));
            if (char.IsWhiteSpace(line[0]) && key is not null) value.Append(value.Length > 0 ? "\n" : "").Append(trimmed);
            else
            {
                Finish();
                if (trimmed is ['[', .., ']']) file._sections.Add(section = trimmed[1..^1]);
                else key = Begin(trimmed, location);
            }
        }
        Finish();
        problems.ThrowIfErrors();
        return file;

        IniSetting? Begin(string line, SourceLocation location)
        {
            int at = line.AsSpan().IndexOfAny('=', ':');
            if (section is null || at <= 0)
            {
                problems.Error(LibraryCodes.Configuration,
                    section is null ? $"'{Printable.Name(line)}' stands in no section"
                        : $"'{Printable.Name(line)}' is no setting", location,
                    "a configuration of the reference tool has sections, [DEFAULT] the first, and lines key=value");
                return null;
            }
            var begun = new IniSetting(section, line[..at].TrimEnd(), "", location);
            if (file.Own(section, begun.Key) is not null)
                problems.Error(LibraryCodes.Configuration, $"'{Printable.Name(begun.Key)}' stands twice in [{Printable.Name(section)}]",
                    location);
            value.Append(line[(at + 1)..].Trim());
            return begun;
        }

        void Finish()
        {
            if (key is not null) file._settings.Add(key with { Value = value.ToString() });
            key = null;
            value.Clear();
        }
    }

    private IniSetting? Own(string section, string key) =>
        _settings.Find(s => s.Section == section && s.Key.Equals(key, StringComparison.OrdinalIgnoreCase) && s.Value.Length > 0);
}
