using System.Globalization;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;

namespace CortexMl.Golden;

/// <summary>What a <c>//?</c> line wants to see.</summary>
public enum GoldenCheckKind
{
    /// <summary><c>//? contains TEXT</c>: some line of the output has the text.</summary>
    Contains,

    /// <summary><c>//? lacks TEXT</c>: no line of the output has it.</summary>
    Lacks,

    /// <summary><c>//? error CML0303 line 3: text</c>, or <c>warning</c>, <c>note</c>; code, line and text may be left out.</summary>
    Diagnostic,

    /// <summary><c>//? run @f([1, -2]) == [3]</c>: what the graph answers on every engine at hand.</summary>
    Run,
}

/// <summary>A <c>//?</c> line of a case: something that must be so, beside the exact text or in place of it.</summary>
/// <param name="Line">1-based line of the file.</param>
/// <param name="Text">What must be there; the call of a <c>run</c> line: <c>@f([1, -2])</c>.</param>
public sealed partial record GoldenCheck(GoldenCheckKind Kind, int Line, string Text)
{
    public const string Mark = "//?";

    /// <summary>Of a diagnostic.</summary>
    public Severity Severity { get; init; }

    /// <summary>Of a diagnostic; empty for any.</summary>
    public string Code { get; init; } = "";

    /// <summary>Line of the case's input that a diagnostic points at; 0 for any.</summary>
    public int InputLine { get; init; }

    /// <summary>What stands behind <c>==</c> of a <c>run</c> line.</summary>
    public string Answer { get; init; } = "";

    public static bool IsCheck(string line) => line.TrimStart().StartsWith(Mark, StringComparison.Ordinal);

    /// <exception cref="DiagnosticException">CML0916.</exception>
    public static GoldenCheck Parse(string line, SourceLocation at)
    {
        string text = line.TrimStart()[Mark.Length..].Trim();
        if (Sentence().Match(text) is { Success: true } sentence)
            return new(sentence.Groups["word"].Value == "contains" ? GoldenCheckKind.Contains : GoldenCheckKind.Lacks, at.Line,
                sentence.Groups["text"].Value);
        if (Call().Match(text) is { Success: true } call)
            return new(GoldenCheckKind.Run, at.Line, call.Groups["call"].Value) { Answer = call.Groups["answer"].Value };
        if (Told().Match(text) is { Success: true } told)
        {
            return new(GoldenCheckKind.Diagnostic, at.Line, told.Groups["text"].Value)
            {
                Severity = told.Groups["word"].Value switch
                {
                    "error" => Severity.Error,
                    "warning" => Severity.Warning,
                    _ => Severity.Note,
                },
                Code = told.Groups["code"].Value,
                InputLine = told.Groups["line"] is { Success: true, ValueSpan: var n } ? int.Parse(n, CultureInfo.InvariantCulture) : 0,
            };
        }
        throw new DiagnosticException(GoldenCodes.UnknownCheck, $"'{Mark} {text}' means nothing", at,
            "write //? contains TEXT, //? lacks TEXT, //? error CML0303 line 3: text, or //? run @f([1, -2]) == [3]");
    }

    /// <summary>Whether it is what this line speaks of.</summary>
    public bool Matches(Diagnostic told) =>
        Kind == GoldenCheckKind.Diagnostic && told.Severity == Severity && (Code.Length == 0 || told.Code == Code)
        && (InputLine == 0 || told.Location?.Line == InputLine) && told.ToString().Contains(Text, StringComparison.Ordinal);

    /// <summary>The line with another answer, as far as it stands there.</summary>
    public string With(string line, string answer) => line[..(line.LastIndexOf("==", StringComparison.Ordinal) + 2)] + " " + answer;

    [GeneratedRegex(@"\A(?<word>contains|lacks)\s+(?<text>.+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\Arun\s+(?<call>@.+?)\s*==\s*(?<answer>[^=]*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Call();

    [GeneratedRegex(@"\A(?<word>error|warning|note)(?:\s+(?<code>CML\d{4}))?(?:\s+line\s+(?<line>\d{1,9}))?(?::\s*(?<text>.+))?\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Told();
}
