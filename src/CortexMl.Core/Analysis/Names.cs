using CortexMl.Ir;
using CortexMl.Text;

namespace CortexMl.Analysis;

/// <summary>
/// The name of every value as the text form, calibration files and reports spell it, without sigil: its own name, or the next number.
/// Values of other graphs have none.
/// </summary>
public sealed class Names
{
    private readonly Dictionary<Value, string> _names = [];

    private Names(Graph graph)
    {
        foreach (var input in graph.Inputs) _names[input] = input.Name!;
        int next = 0;
        foreach (var result in graph.Operations.SelectMany(o => o.Results))
            _names[result] = result.Name ?? Numbers.Format(next++);
    }

    public string this[Value value] => _names[value];

    public static Names Of(Graph graph) => graph.Analysis(static g => new Names(g));
}
