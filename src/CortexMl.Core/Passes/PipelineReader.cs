using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Passes;

/// <summary>Recursive descent over a pipeline string: <c>pass ("{" (name "=" value) ("," …)* "}")? ("," …)*</c>.</summary>
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
        string pass = Word("a pass name");
        if (!Accept('{') || Accept('}')) return new PipelineStep(pass);
        var options = new List<KeyValuePair<string, string>>();
        do
        {
            string name = Word("an option name");
            if (options.Exists(o => o.Key == name)) throw Error($"option '{name}' of pass '{pass}' is given twice", null);
            if (!Accept('=')) throw Expected("'='");
            options.Add(new(name, Peek() == '"' ? QuotedValue() : Word("a value")));
        }
        while (Accept(','));
        if (!Accept('}')) throw Expected("',' or '}'");
        return new PipelineStep(pass, options);
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
