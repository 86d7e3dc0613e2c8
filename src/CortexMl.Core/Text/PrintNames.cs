using System.Collections.Immutable;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;

namespace CortexMl.Text;

/// <summary>The spelling of every value and scale table of one graph.</summary>
internal sealed class PrintNames
{
    private readonly Dictionary<Value, string> _values = [];
    private readonly Dictionary<(string Name, string Values), string> _tables = [];
    private readonly HashSet<string> _taken;
    private readonly bool _strip;

    /// <param name="order">Operations in the order in which they are printed.</param>
    public PrintNames(Graph graph, IReadOnlyList<Operation> order, bool strip)
    {
        _strip = strip;
        _taken = strip ? [] : graph.Constants.Select(c => c.Result.Name ?? "").ToHashSet(StringComparer.Ordinal);
        if (strip) Number(graph, order);
        else Spell(graph, order);
    }

    public string this[Value value] => _values[value];

    /// <summary>The table's name with its sigil; tables of one name and different numbers get suffixes.</summary>
    /// <param name="isNew">Whether the table was not asked for before, and so is to be printed now.</param>
    public string Spell(ChannelTable table, out bool isNew)
    {
        var key = (table.Name, string.Join(',', table.Values.Select(Numbers.Format)));
        isNew = !_tables.TryGetValue(key, out string? name);
        if (isNew) _tables[key] = name = FreeTable(table.Name);
        return "@" + NameSpelling.Of(name!);
    }

    private string FreeTable(string name)
    {
        if (_strip) return $"s{Numbers.Format(_tables.Count)}";
        string free = name;
        for (int suffix = 1; !_taken.Add(free); suffix++) free = $"{name}.{Numbers.Format(suffix)}";
        return free;
    }

    private void Spell(Graph graph, IReadOnlyList<Operation> order)
    {
        var numbers = Names.Of(graph);
        foreach (var input in graph.Inputs) _values[input] = "%" + NameSpelling.Of(input.Name!);
        foreach (var result in order.SelectMany(o => o.Results))
            _values[result] = (result.IsConstant ? "@" : "%") + (result.Name is { } name ? NameSpelling.Of(name) : numbers[result]);
    }

    private void Number(Graph graph, IReadOnlyList<Operation> order)
    {
        int inputs = 0, values = 0, constants = 0;
        foreach (var input in graph.Inputs) _values[input] = $"%input{Numbers.Format(inputs++)}";
        foreach (var result in order.SelectMany(o => o.Results))
            _values[result] = result.IsConstant ? $"@c{Numbers.Format(constants++)}" : $"%{Numbers.Format(values++)}";
    }
}

/// <summary>Numbers of the channels of a type, printed as a constant of f64 before the line that names them first.</summary>
/// <param name="Name">Without sigil.</param>
internal readonly record struct ChannelTable(string Name, ImmutableArray<double> Values);

/// <summary>How names stand behind <c>%</c> and <c>@</c>: bare where the grammar's NAME allows it, else as a quoted string.</summary>
public static partial class NameSpelling
{
    /// <summary>
    /// <c>conv0.weight</c>, <c>stage1/add:0</c>, <c>"weird name"</c>; a name of digits is quoted, because bare digits number unnamed
    /// values.
    /// </summary>
    public static string Of(string name) => Bare().IsMatch(name) ? name : Quoted.Write(name);

    [GeneratedRegex(@"\A[A-Za-z_](?:[A-Za-z0-9_.$-]|/[A-Za-z0-9_.$-]|:[0-9])*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
