using System.Globalization;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Numerics;

namespace CortexMl.Comparing;

/// <summary>Which figure of a network a condition is about.</summary>
internal enum Figure
{
    /// <summary>Share of samples whose class is named rightly.</summary>
    Accuracy,

    /// <summary>Share of samples of which both networks name the same class.</summary>
    Agreement,

    /// <summary>Signal to noise of the noisiest output, in dB.</summary>
    Decibels,

    /// <summary>Signal to noise of the noisiest value, in dB.</summary>
    NodeDecibels,
}

/// <summary>
/// What must hold of a network: <c>agreement >= 99 %</c>, <c>db >= 30</c>, or a command that ends with exit code 0 on the network's text.
/// </summary>
/// <param name="Figure">Null for a command.</param>
/// <param name="Least">As a share or in dB.</param>
/// <param name="Command">Words, in which <c>{}</c> is the text's path; empty for a figure.</param>
internal sealed partial record Condition(string Text, Figure? Figure, double Least, bool IsStrict, IReadOnlyList<string> Command)
{
    private static readonly (string Word, Figure Figure)[] s_words =
    [
        ("accuracy", Comparing.Figure.Accuracy), ("agreement", Comparing.Figure.Agreement), ("db", Comparing.Figure.Decibels),
        ("node-db", Comparing.Figure.NodeDecibels),
    ];

    /// <exception cref="DiagnosticException">CML0981: neither a figure with a number nor a command.</exception>
    public static Condition Parse(string text)
    {
        if (Comparison().Match(text) is not { Success: true } match)
            return CommandLineText.Words(text) is { Count: > 0 } words ? new(text, null, 0, false, words)
                : throw new DiagnosticException(LibraryCodes.Condition, "the condition is empty", hint: Help);
        string word = match.Groups["figure"].Value;
        if (s_words.FirstOrDefault(w => w.Word == word) is not { Word: not null } known)
            throw new DiagnosticException(LibraryCodes.Condition, $"there is no figure '{word}'",
                hint: Nearest.Hint(word, s_words.Select(w => w.Word), Help));
        if (match.Groups["sign"].Value is not (">" or ">=") and var sign)
            throw new DiagnosticException(LibraryCodes.Condition, $"'{text}': '{sign}' cannot be asked for",
                hint: "the condition is what is right: the figure is at least a number, as in 'agreement >= 99 %'");
        double number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        bool isPercent = match.Groups["percent"].Success;
        return new(text, known.Figure, isPercent ? number / 100 : number, match.Groups["sign"].Value == ">", []);
    }

    public const string Help = "write accuracy >= 0.9, agreement >= 99 %, db >= 30 (the noisiest output), "
        + "node-db >= 20 (the noisiest value), or a command that ends with exit code 0 on a good text: \"python3 good.py {}\"";

    public bool Holds(double figure) => IsStrict ? figure > Least : figure >= Least;

    public string Told(double? figure) => figure is { } f ? $"{Word} {Numbers.Format(Math.Round(f, 4))}" : Text;

    private string Word => s_words.First(w => w.Figure == Figure).Word;

    [GeneratedRegex(@"^\s*(?<figure>[A-Za-z][\w-]*)\s*(?<sign>[<>=!]=?)\s*(?<number>-?[0-9]+(\.[0-9]+)?)\s*(?<percent>%)?\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Comparison();
}
