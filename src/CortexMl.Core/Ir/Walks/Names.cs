using CortexMl.Numerics;

namespace CortexMl.Ir.Walks;

/// <summary>
/// The name of every value as the text form, calibration files and reports spell it, without sigil: its own name, or the next number that
/// no other value has for a name. Values of other graphs have none.
/// </summary>
public sealed class Names
{
    private readonly Dictionary<Value, string> _names = [];

    private Names(Graph graph)
    {
        foreach (var input in graph.Inputs) _names[input] = input.Name!;
        var results = graph.Operations.SelectMany(o => o.Results).ToList();
        var taken = graph.Inputs.Concat(results).Where(v => v.Name is not null && !v.IsConstant).Select(v => v.Name!)
            .ToHashSet(StringComparer.Ordinal);
        int next = 0;
        foreach (var result in results) _names[result] = result.Name ?? NextFree(taken, ref next);
    }

    public string this[Value value] => _names[value];

    public static Names Of(Graph graph) => graph.Analysis(static g => new Names(g));

    private static string NextFree(HashSet<string> taken, ref int next)
    {
        string name;
        do name = Numbers.Format(next++);
        while (taken.Contains(name));
        return name;
    }
}
