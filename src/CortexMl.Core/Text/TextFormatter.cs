using System.Text;
using Antlr4.Runtime;
using Antlr4.Runtime.Tree;
using CortexMl.Diagnostics;
using CortexMl.Text.Generated;

namespace CortexMl.Text;

/// <summary>
/// Formats a text as the printer spaces it and keeps all that it says: comments, names, the order of its lines, types that are written or
/// left out, constants as they are listed. What the printer prints stays as it is.
/// </summary>
public static class TextFormatter
{
    /// <param name="fileName">Name of the text for messages.</param>
    /// <exception cref="DiagnosticException">CML0301: the text cannot be read. What it names is not looked at.</exception>
    public static string Format(string text, string fileName = "text") =>
        new Formatting(text, TextParser.Tokens(text, fileName)).Write();

    /// <summary>One text on its way to its form.</summary>
    private sealed class Formatting(string text, (CmlParser.FileContext Syntax, IReadOnlyList<IToken> Tokens) read)
    {
        private readonly StringBuilder _out = new();

        /// <summary>Colons with a space before them: those of an operation's types.</summary>
        private readonly HashSet<int> _spaced = [];

        /// <summary>Where what was written ends in the text.</summary>
        private int _end;

        public string Write()
        {
            foreach (var graph in read.Syntax.graph())
            {
                int brace = Child(graph, "{"), close = graph.Stop.TokenIndex;
                foreach (var statement in graph.statement())
                    if (statement.operation() is { } operation && Child(operation, ":") is >= 0 and var colon) _spaced.Add(colon);
                Line("", graph.Start.TokenIndex, brace, needsBlank: _out.Length > 0 && graph != read.Syntax.graph()[0]);
                foreach (var statement in graph.statement()) Line("  ", statement.Start.TokenIndex, statement.Stop.TokenIndex);
                Line("  ", graph.returning().Start.TokenIndex, graph.returning().Stop.TokenIndex);
                Line("", close, close);
            }
            Gap("", text.Length, keepsBlank: false);
            return _out.ToString();
        }

        private void Line(string indent, int first, int last, bool needsBlank = false)
        {
            int start = read.Tokens[first].StartIndex;
            bool isFirst = _out.Length == 0 || _out.ToString(Math.Max(0, _out.Length - 2), Math.Min(2, _out.Length)) == "{\n";
            Gap(indent, start, keepsBlank: !isFirst && Text(first) != "}", needsBlank);
            // Comments within the line stand above it.
            for (int i = first; i < last; i++)
                foreach (string comment in Comments(read.Tokens[i].StopIndex + 1, read.Tokens[i + 1].StartIndex))
                    _out.Append(indent).Append(comment).Append('\n');
            _out.Append(indent);
            for (int i = first; i <= last; i++) _out.Append(i > first && HasSpace(i) ? " " : "").Append(Shown(i));
            _out.Append('\n');
            _end = read.Tokens[last].StopIndex + 1;
        }

        /// <summary>Between two lines: a comment behind the first, then comments of their own lines, one blank line of many.</summary>
        private void Gap(string indent, int to, bool keepsBlank, bool needsBlank = false)
        {
            string[] lines = text[_end..to].ReplaceLineEndings("\n").Split('\n');
            if (lines[0].Trim() is { Length: > 0 } behind)
            {
                keepsBlank |= _out.Length == 0;
                if (_out.Length > 0) _out.Insert(_out.Length - 1, "  " + behind);
                else _out.Append(behind).Append('\n');
            }
            bool isBlank = false;
            // The last part is the indentation of what comes.
            foreach (string line in lines.Skip(1).SkipLast(to < text.Length ? 1 : 0).Select(l => l.Trim()))
            {
                if (line.Length == 0)
                {
                    isBlank |= keepsBlank || (to == text.Length && _out.Length > 0);
                    continue;
                }
                if (isBlank || needsBlank) _out.Append('\n');
                (isBlank, needsBlank) = (false, false);
                _out.Append(indent).Append(line).Append('\n');
                keepsBlank = true;
            }
            if (to < text.Length && ((isBlank && keepsBlank) || needsBlank)) _out.Append('\n');
        }

        private IEnumerable<string> Comments(int from, int to) =>
            text[from..to].ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0);

        private bool HasSpace(int i)
        {
            string before = Text(i - 1), token = Text(i);
            if (token is "," or ")" or "}" or "(") return false;
            if (before is "(" or "{" && token != "{") return false;
            if (token == ":") return _spaced.Contains(i);
            return !(read.Tokens[i].Type == CmlParser.LIST && read.Tokens[i - 1].Type == CmlParser.WORD);
        }

        private string Shown(int i)
        {
            string token = Text(i);
            return read.Tokens[i].Type != CmlParser.LIST || EncodedElements.IsEncoded(token) || token.Contains('\n') ? token
                : $"[{string.Join(", ", token[1..^1].Split(',').Select(element => element.Trim()))}]";
        }

        private string Text(int i) => read.Tokens[i].Text;

        private static int Child(ParserRuleContext syntax, string token) =>
            syntax.children.OfType<ITerminalNode>().FirstOrDefault(node => node.Symbol.Text == token)?.Symbol.TokenIndex ?? -1;
    }
}
