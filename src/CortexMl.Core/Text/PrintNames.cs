using CortexMl.Analysis;
using CortexMl.Ir;

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

    /// <summary>The table's name with its sigil; tables of one name and different scales get suffixes.</summary>
    /// <param name="isNew">Whether the table was not asked for before, and so is to be printed now.</param>
    public string Table(Scale scale, out bool isNew)
    {
        var key = (scale.Name!, string.Join(',', scale.Values.Select(Numbers.Format)));
        isNew = !_tables.TryGetValue(key, out string? name);
        if (isNew) _tables[key] = name = FreeTable(scale.Name!);
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
