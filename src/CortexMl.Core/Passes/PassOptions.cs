using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Passes;

/// <summary>The options of one pass in a pipeline, checked against its record; those not given have their defaults.</summary>
public sealed class PassOptions
{
    private readonly PassInfo _info;
    private readonly IReadOnlyDictionary<string, string> _given;

    /// <exception cref="DiagnosticException">CML0903: unknown names or values that do not parse, all of them at once.</exception>
    public PassOptions(PassInfo info, IReadOnlyDictionary<string, string> given)
    {
        _info = info;
        _given = given;
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

    /// <summary>Whether the option was written in the pipeline, default or not.</summary>
    public bool IsGiven(string name) => _given.ContainsKey(name);

    /// <summary>As the pipeline string spells them: <c>{k=v,k=v}</c> sorted by name, or nothing.</summary>
    public override string ToString() =>
        _given.Count == 0
            ? ""
            : $"{{{string.Join(",", _given.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}={p.Value}"))}}}";

    private PassOption Declared(string name) =>
        _info.Option(name) ?? throw new ArgumentException($"pass {_info.Name} declares no option '{name}'");

    private static string? Problem(PassOption option, string value)
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
                return option.Choices.Contains(value) ? null : $"expected one of {string.Join(", ", option.Choices)}";
            default:
                return null;
        }
    }

    private static string? InRange(PassOption option, double value) =>
        value < option.Min || value > option.Max
            ? string.Create(CultureInfo.InvariantCulture,
                $"expected {option.Min?.ToString(CultureInfo.InvariantCulture) ?? "…"} to {option.Max?.ToString(CultureInfo.InvariantCulture) ?? "…"}") : null;
}
