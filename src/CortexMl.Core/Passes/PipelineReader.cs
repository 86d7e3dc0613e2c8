using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Passes;

/// <summary>
/// Recursive descent over a pipeline string: <c>pass ("{" (name "=" value) ("," …)* "}")? ("@" place (":" pass)?)? ("," …)*</c>.
/// </summary>
internal sealed class PipelineReader(string text)
{
    private int _at;

    public Pipeline Read()
    {
        var steps = new List<PipelineStep>();
        Skip();
        if (_at == text.Length) return new Pipeline();
        do steps.Add(Step());
        while (Accept(','));
        if (_at < text.Length) throw Expected("',' or the end");
        return new Pipeline(steps);
    }

    private PipelineStep Step()
    {
        int start = _at;
        string pass = Word("a pass name");
        var step = new PipelineStep(pass, Options(pass));
        if (step.IsRemoval && (pass.Length == 1 || step.Options.Count > 0 || Peek() == '@'))
            throw Error($"'{text[start.._at].Trim()}' takes a pass out: nothing but its name follows '-'", "write -fuse-scale");
        return Accept('@') ? Placed(step) : step;
    }

    /// <summary><c>before:quantize</c>; <c>instead</c> alone for the step's own name.</summary>
    private PipelineStep Placed(PipelineStep step)
    {
        string[] parts = Word("before:PASS, after:PASS or instead").Split(':', 2);
        string anchor = parts.Length == 2 ? parts[1] : "";
        foreach (var place in (PipelinePlace[])[PipelinePlace.Before, PipelinePlace.After, PipelinePlace.Instead])
        {
            if (parts[0] != PipelineStep.PlaceName(place)) continue;
            bool needsAnchor = parts.Length == 2 || place != PipelinePlace.Instead;
            if (needsAnchor && anchor.Length == 0) throw Expected($"a pass behind '@{parts[0]}:'");
            return step with { Place = place, Anchor = anchor };
        }
        throw Error($"'@{parts[0]}' is no place", "before:PASS, after:PASS, instead:PASS, or instead for the pass of the same name");
    }

    private List<KeyValuePair<string, string>> Options(string pass)
    {
        var options = new List<KeyValuePair<string, string>>();
        if (!Accept('{') || Accept('}')) return options;
        do
        {
            string name = Word("an option name");
            if (options.Exists(o => o.Key == name)) throw Error($"option '{name}' of pass '{pass}' is given twice", null);
            if (!Accept('=')) throw Expected("'='");
            options.Add(new(name, Peek() == '"' ? QuotedValue() : Word("a value")));
        }
        while (Accept(','));
        if (!Accept('}')) throw Expected("',' or '}'");
        return options;
    }

    private string Word(string what)
    {
        Skip();
        int start = _at;
        while (_at < text.Length && PipelineStep.IsPlain(text[_at])) _at++;
        return _at > start ? text[start.._at] : throw Expected(what);
    }

    private string QuotedValue()
    {
        var value = new StringBuilder();
        for (_at++; _at < text.Length && text[_at] != '"'; _at++)
        {
            if (text[_at] != '\\') value.Append(text[_at]);
            else if (++_at < text.Length) value.Append(text[_at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var c => c });
        }
        if (_at == text.Length) throw Expected("a closing '\"'");
        _at++;
        return value.ToString();
    }

    private char Peek()
    {
        Skip();
        return _at < text.Length ? text[_at] : '\0';
    }

    private bool Accept(char c)
    {
        if (Peek() != c) return false;
        _at++;
        return true;
    }

    private void Skip()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
    }

    private DiagnosticException Expected(string what) =>
        Error($"expected {what}, found {(_at < text.Length ? $"'{text[_at]}'" : "the end")}",
            "a pipeline reads canonicalize,quantize{weights=per-channel,output=8}");

    private DiagnosticException Error(string message, string? hint) =>
        new(DiagnosticCodes.PipelineSyntax, message, new SourceLocation("pipeline", 1, _at + 1), hint);
}
