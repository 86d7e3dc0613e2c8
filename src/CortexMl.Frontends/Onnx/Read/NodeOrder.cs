using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Schema;

namespace CortexMl.Frontends.Onnx.Read;

/// <summary>
/// The nodes that the outputs depend on, each behind those that it reads. Files should be in such an order; those that are not are put
/// into one.
/// </summary>
internal sealed class NodeOrder
{
    private const int CycleShown = 10;

    private readonly GraphProto _graph;
    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);
    private readonly bool[] _isNeeded;

    private NodeOrder(GraphProto graph)
    {
        _graph = graph;
        _isNeeded = new bool[graph.Node.Count];
        for (int i = 0; i < graph.Node.Count; i++)
            foreach (string output in graph.Node[i].Output)
                if (output.Length > 0) _producers.TryAdd(output, i);
        var ahead = new Stack<int>(ProducersOf(graph.Output.Select(o => o.Name)));
        while (ahead.TryPop(out int node))
        {
            if (_isNeeded[node]) continue;
            _isNeeded[node] = true;
            foreach (int producer in ProducersOf(Reads(graph.Node[node]))) ahead.Push(producer);
        }
    }

    /// <summary>What a node reads, bodies of control flow included.</summary>
    public static IEnumerable<string> Reads(NodeProto node) =>
        node.Input.Concat(node.Attribute.Where(a => a.G is not null).SelectMany(a => Reads(a.G))).Where(name => name.Length > 0);

    /// <summary>What a body reads of itself and of what is around it, and what it hands out.</summary>
    private static IEnumerable<string> Reads(GraphProto body) => body.Node.SelectMany(Reads).Concat(body.Output.Select(o => o.Name));

    /// <summary>In the file's order where that is possible; nodes that read each other in a circle are reported.</summary>
    public static List<NodeProto> Of(GraphProto graph, string file, DiagnosticBag found)
    {
        var order = new NodeOrder(graph);
        var sorted = order.Sort(out int[] waitsFor);
        if (Array.FindIndex(waitsFor, count => count > 0) is >= 0 and var stuck) found.Add(order.Cycle(stuck, waitsFor, file));
        return sorted;
    }

    private IEnumerable<int> ProducersOf(IEnumerable<string> names)
    {
        foreach (string name in names)
            if (_producers.TryGetValue(name, out int node)) yield return node;
    }

    private List<NodeProto> Sort(out int[] waitsFor)
    {
        var users = new List<int>?[_graph.Node.Count];
        waitsFor = new int[_graph.Node.Count];
        for (int i = 0; i < _graph.Node.Count; i++)
        {
            if (!_isNeeded[i]) continue;
            foreach (int producer in ProducersOf(Reads(_graph.Node[i])).Distinct())
            {
                (users[producer] ??= []).Add(i);
                waitsFor[i]++;
            }
        }
        var ready = new PriorityQueue<int, int>();
        for (int i = 0; i < waitsFor.Length; i++)
            if (_isNeeded[i] && waitsFor[i] == 0) ready.Enqueue(i, i);
        var sorted = new List<NodeProto>();
        while (ready.TryDequeue(out int node, out _))
        {
            sorted.Add(_graph.Node[node]);
            foreach (int user in users[node] ?? [])
                if (--waitsFor[user] == 0) ready.Enqueue(user, user);
        }
        return sorted;
    }

    /// <summary>A node that waits reads one that waits: going back long enough ends in a circle.</summary>
    private Diagnostic Cycle(int node, int[] waitsFor, string file)
    {
        var path = new List<int>();
        for (; !path.Contains(node) && path.Count <= _graph.Node.Count;
            node = ProducersOf(Reads(_graph.Node[node])).First(p => waitsFor[p] > 0)) path.Add(node);
        int[] circle = [node, .. path.Skip(path.IndexOf(node)).Reverse()];
        string names = string.Join(" → ", circle.Take(CycleShown).Select(i => $"'{OnnxGraphImport.NameOf(_graph.Node[i])}'"))
            + (circle.Length > CycleShown ? " → …" : "");
        return new Diagnostic(FrontendCodes.ModelMalformed, Severity.Error, $"nodes read each other's results in a circle: {names}",
            SourceLocation.OfNode(OnnxGraphImport.NameOf(_graph.Node[node]), file),
            "a network has none; the file is damaged or holds a loop that was not unrolled");
    }
}
