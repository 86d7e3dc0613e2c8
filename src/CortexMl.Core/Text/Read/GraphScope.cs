using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Text.Read;

/// <summary>The names of one graph. A name whose definition is wrong stands for null, so that one mistake is reported once.</summary>
internal sealed class GraphScope(TextSource source)
{
    private readonly Dictionary<TextName, Value?> _values = [];
    private readonly HashSet<TextName> _tables = [];

    /// <summary>Where names are defined; those that were used before stand for null until then.</summary>
    private readonly Dictionary<TextName, IToken> _definitions = [];

    public bool IsFree(TextName name) => !_definitions.ContainsKey(name);

    /// <summary>Enters a name; reports CML0304 where it is taken.</summary>
    public bool Declare(IToken token, Value? value)
    {
        var name = source.NameOf(token);
        if (_definitions.TryAdd(name, token))
        {
            _values[name] = value;
            return true;
        }
        string first = $"the first stands at {source.At(_definitions[name])}";
        source.Error(DiagnosticCodes.DuplicateName, token, $"{name} is defined twice", first);
        return false;
    }

    /// <summary>Enters the name of a scale table, which is no value.</summary>
    public bool DeclareTable(IToken token) => Declare(token, null) && _tables.Add(source.NameOf(token));

    /// <summary>The value behind a name, or null after reporting CML0303 (or silently, where its definition was reported).</summary>
    public Value? Find(IToken token)
    {
        var name = source.NameOf(token);
        if (_values.TryGetValue(name, out var value))
        {
            if (_tables.Contains(name))
                source.Error(DiagnosticCodes.UnknownName, token, $"{name} is a scale table, which is no value of the graph");
            return value;
        }
        source.Error(DiagnosticCodes.UnknownName, token, $"{name} is not defined before it is used",
            source.Hint(name.ToString(), _values.Keys.Select(k => k.ToString())));
        _values.Add(name, null);
        return null;
    }
}
