using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using System.Globalization;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;

namespace CortexMl.Cli;

/// <summary>
/// What is wrong with the values of options: the one place where a value that is no number, out of its bounds or no word of a list
/// becomes a message. Numbers are written without separators of groups.
/// </summary>
internal static class OptionValues
{
    /// <summary>Diagnostics of one option as it was given; none where it can be used.</summary>
    /// <returns>CML0940; CML0934 for a number out of bounds.</returns>
    public static IEnumerable<Diagnostic> Problems(OptionResult given)
    {
        var option = given.Option;
        string name = given.IdentifierToken?.Value ?? option.Name;
        if (given.Tokens.Count < option.Arity.MinimumNumberOfValues)
            return [Usage($"{name}: its value is missing", $"write {name} {option.HelpName ?? "VALUE"}")];
        if (given.Tokens.Count > option.Arity.MaximumNumberOfValues)
            return [Usage($"{name} is given {given.IdentifierTokenCount} times; once is allowed", "leave the others out")];
        return given.Tokens.Select(token => Problem(option, name, token.Value)).OfType<Diagnostic>();
    }

    /// <summary>What is wrong with values that a file gives an option.</summary>
    public static IEnumerable<Diagnostic> Problems(Option option, IReadOnlyList<string> values) =>
        values.Select(value => Problem(option, option.Name, value)).OfType<Diagnostic>();

    /// <summary>The words of an option that takes only those, as people write them; none for other options.</summary>
    public static IReadOnlyList<string> Words(Option option) => TypeOf(option) switch
    {
        { IsEnum: true } type => [.. Enum.GetNames(type).Select(word => word.ToLowerInvariant())],
        var type when type == typeof(string) => [.. option.GetCompletions(CompletionContext.Empty).Select(c => c.Label)],
        _ => [],
    };

    /// <summary>Whether the option's value is a number.</summary>
    public static bool IsNumber(Option option) => IsWhole(TypeOf(option)) || TypeOf(option) == typeof(double);

    private static Type TypeOf(Option option) => Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType;

    private static bool IsWhole(Type type) => type == typeof(int) || type == typeof(long) || type == typeof(ulong);

    private static Diagnostic? Problem(Option option, string name, string text)
    {
        if (IsNumber(option)) return IsWhole(TypeOf(option)) ? WholeProblem(option, name, text) : RealProblem(option, name, text);
        var words = Words(option);
        bool ignoresCase = TypeOf(option).IsEnum;
        if (words.Count == 0 || words.Contains(text, ignoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal)) return null;
        return OtherWord(name, text, words);
    }

    /// <summary><paramref name="text"/> is none of <paramref name="words"/>, which are all that <paramref name="name"/> takes.</summary>
    public static Diagnostic OtherWord(string name, string text, IReadOnlyList<string> words)
    {
        string needed = words.Count == 1 ? words[0] : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
        return Usage($"{name} {Quoted(text)}: {needed} is needed", Nearest.Hint(text, words));
    }

    private static Diagnostic? WholeProblem(Option option, string name, string text)
    {
        var bounds = (option as INumberOption)?.Bounds;
        string digits = text.Trim();
        if (digits.StartsWith('-') || digits.StartsWith('+')) digits = digits[1..];
        if (digits.Length == 0 || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return Usage($"{name} {Quoted(text)}: {Whole(bounds)} is needed");
        var (lowest, highest) = Limits(TypeOf(option));
        // What the type cannot hold is told with its limits.
        bool isRead = decimal.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out decimal number);
        if (!isRead || number < lowest || number > highest)
            return OutOfRange(name, text, Whole(new(bounds?.Least ?? lowest, bounds?.Most ?? highest)));
        return number < bounds?.Least || number > bounds?.Most ? OutOfRange(name, text, Whole(bounds)) : null;
    }

    private static Diagnostic? RealProblem(Option option, string name, string text)
    {
        var bounds = (option as INumberOption)?.Bounds;
        string allowed = bounds?.Least is { } least ? Text($"a number {(bounds.IsOpen ? "above" : "from")} {least}") : "a number";
        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number))
            return Usage($"{name} {Quoted(text)}: {allowed} is needed");
        bool isBelow = bounds?.Least is { } low && (bounds.IsOpen ? number <= (double)low : number < (double)low);
        return !double.IsFinite(number) || isBelow ? OutOfRange(name, text, allowed) : null;
    }

    private static string Whole(NumberBounds? bounds) => bounds switch
    {
        { Least: { } least, Most: { } most } => Text($"a whole number from {least} to {most}"),
        { Least: { } least } => Text($"a whole number from {least}"),
        { Most: { } most } => Text($"a whole number up to {most}"),
        _ => "a whole number",
    };

    private static (decimal Lowest, decimal Highest) Limits(Type type) => type == typeof(int) ? (int.MinValue, int.MaxValue)
        : type == typeof(long) ? (long.MinValue, long.MaxValue) : (ulong.MinValue, ulong.MaxValue);

    private static Diagnostic OutOfRange(string name, string text, string allowed) =>
        new(LibraryCodes.OptionRange, Severity.Error, $"{name} {Printable.Name(text)}: {allowed} is needed");

    private static Diagnostic Usage(string message, string? hint = null) => new(CliCodes.Usage, Severity.Error, message, Hint: hint);

    private static string Quoted(string text) => $"'{Printable.Name(text)}'";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
