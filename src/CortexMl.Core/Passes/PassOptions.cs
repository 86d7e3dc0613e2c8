using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Passes;

/// <summary>The options of one pass in a pipeline, checked against its record; those not given have their defaults.</summary>
public sealed class PassOptions
{
    private readonly PassInfo _info;
    private readonly IReadOnlyDictionary<string, string> _given;
    private readonly string _folder;

    /// <param name="folder">Where relative paths start; empty for the working directory.</param>
    /// <exception cref="DiagnosticException">CML0903: unknown names or values that do not parse, all of them at once.</exception>
    public PassOptions(PassInfo info, IReadOnlyDictionary<string, string> given, string folder = "")
    {
        _info = info;
        _given = given;
        _folder = folder;
        var problems = new DiagnosticBag();
        foreach (var (name, value) in given.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            string? problem = info.Option(name) is { } option ? Problem(option, value)
                : info.Options.Count == 0
                    ? "the pass has no options"
                    : $"known options: {string.Join(", ", info.Options.Select(o => o.Name))}";
            if (problem is not null) problems.Error(DiagnosticCodes.PassOption, $"pass '{info.Name}': option '{name}={value}': {problem}");
        }
        problems.ThrowIfErrors();
    }

    public string Text(string name) => _given.TryGetValue(name, out string? value) ? value : Declared(name).Default;

    public int Int(string name) => int.Parse(Text(name), CultureInfo.InvariantCulture);

    public double Float(string name) => double.Parse(Text(name), CultureInfo.InvariantCulture);

    public bool Bool(string name) => bool.Parse(Text(name));

    /// <summary>The words of a list; empty where there is none.</summary>
    public IReadOnlyList<string> List(string name) => Words(Text(name));

    /// <summary>The path of a file, to open as it stands; null where none was given.</summary>
    public string? Path(string name) => Text(name) is { Length: > 0 } path ? System.IO.Path.Combine(_folder, path) : null;

    /// <summary>Whether the pipeline gives the option another value than its default: a pipeline may spell all of them.</summary>
    public bool IsGiven(string name) => _given.TryGetValue(name, out string? value) && value != Declared(name).Default;

    /// <summary>As the pipeline string spells them: <c>{k=v,k=v}</c> sorted by name, or nothing.</summary>
    public override string ToString() =>
        _given.Count == 0
            ? ""
            : $"{{{string.Join(",", _given.OrderBy(p => p.Key, StringComparer.Ordinal)
                .Select(p => $"{p.Key}={PipelineStep.Value(p.Value)}"))}}}";

    private PassOption Declared(string name) =>
        _info.Option(name) ?? throw new ArgumentException($"pass {_info.Name} declares no option '{name}'");

    private static string[] Words(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private string? Problem(PassOption option, string value)
    {
        switch (option.Kind)
        {
            case PassOptionKind.Int:
                if (!int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int i))
                    return "expected an integer";
                return InRange(option, i);
            case PassOptionKind.Float:
                if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double f) || !double.IsFinite(f))
                    return "expected a number";
                return InRange(option, f);
            case PassOptionKind.Bool:
                return value is "true" or "false" ? null : "expected true or false";
            case PassOptionKind.Choice:
                return option.Choices.Contains(value) ? null
                    : $"expected one of {string.Join(", ", option.Choices)}"
                        + (Nearest.Hint(value, option.Choices) is { } hint ? $"; {hint}" : "");
            case PassOptionKind.List:
                return option.Choices.Count > 0 && Words(value).FirstOrDefault(word => !option.Choices.Contains(word)) is { } unknown
                    ? $"'{unknown}' is none of {string.Join(", ", option.Choices)}" : null;
            case PassOptionKind.Path:
                return value.Length == 0 || File.Exists(System.IO.Path.Combine(_folder, value)) ? null : "there is no such file";
            default:
                return null;
        }
    }

    private static string? InRange(PassOption option, double value) =>
        value < option.Min || value > option.Max ? $"expected {Bound(option.Min)} to {Bound(option.Max)}" : null;

    private static string Bound(double? bound) => bound?.ToString(CultureInfo.InvariantCulture) ?? "…";
}
