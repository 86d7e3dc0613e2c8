using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;

namespace CortexMl.Cvm.Load;

/// <summary>arg_nodes, node_row_ptr, version and the order of the nodes (CortexMl.Cvm/SPECIFICATION.md §6.2 a, j, k).</summary>
internal static class TableChecks
{
    /// <summary>§6.2 a: names of the nodes that arg_nodes lists are unique.</summary>
    public static void CheckArgumentNames(SymbolFile file, Findings findings)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (uint id in file.ArgNodes ?? [])
        {
            if (id >= file.Nodes.Count)
                findings.Logic(CvmCodes.ArgNodes, $"arg_nodes names node {id} of {file.Nodes.Count}", file.Of("arg_nodes"));
            else if (!seen.Add(file.Nodes[(int)id].Name))
                findings.Runtime(
                    CvmCodes.DuplicateName, $"arg_nodes names '{file.Nodes[(int)id].Name}' twice", file.Of(file.Nodes[(int)id]));
        }
    }

    /// <summary>§6.2 j.</summary>
    public static void CheckVersion(NodeTable nodes, Findings findings)
    {
        var file = nodes.File;
        switch (file.Version)
        {
            case CvmVersions.V100:
                CheckElementTypes(nodes, findings);
                CheckRowPointers(nodes, findings);
                CheckArguments(nodes, findings);
                break;
            case CvmVersions.V110:
                break;
            default:
                findings.Runtime(CvmCodes.Version, $"version '{file.Version}'", file.Of("version"),
                    $"allowed are {CvmVersions.V100} and {CvmVersions.V110}");
                break;
        }
    }

    /// <summary>§6.2 k: every input, of variables too, is an entry before the node's own first one.</summary>
    public static void CheckOrder(NodeTable nodes, Findings findings)
    {
        for (int id = 0; id < nodes.Count; id++)
        {
            foreach (var input in nodes.File.Nodes[id].Inputs)
            {
                if (nodes.Entry(input) is { } entry && entry < nodes.FirstEntry(id)) continue;
                findings.Logic(CvmCodes.EntryReference, $"input [{input.Node}, {input.Index}] is no output of an earlier node",
                    nodes.File.Locate(input.Offset) with { Nodes = nodes.File.Of(nodes.File.Nodes[id]).Nodes });
            }
        }
    }

    private static void CheckElementTypes(NodeTable nodes, Findings findings)
    {
        var types = nodes.File.Lists.Int32Types ?? [];
        if (types.Count != nodes.EntryCount)
            findings.Logic(CvmCodes.ListLength,
                $"dltype has {Counted.Of(types.Count, "element")} for {Counted.Of(nodes.EntryCount, "entry", "entries")}",
                nodes.File.Of("dltype"));
        int wrong = types.IndexOf(false);
        if (wrong >= 0)
            findings.Logic(CvmCodes.ElementKind, $"dltype of entry {wrong} is not int32", nodes.File.Of("dltype"));
    }

    private static void CheckRowPointers(NodeTable nodes, Findings findings)
    {
        var given = nodes.File.RowPointers ?? [];
        bool same = given.Count == nodes.Count + 1;
        for (int node = 0; same && node <= nodes.Count; node++) same = given[node] == nodes.FirstEntry(node);
        if (!same)
            findings.Logic(
                CvmCodes.RowPointers, "node_row_ptr is not the running count of the nodes' outputs", nodes.File.Of("node_row_ptr"),
                $"it needs {Counted.Of(nodes.Count + 1, "number")}, from 0 to {nodes.EntryCount}");
    }

    private static void CheckArguments(NodeTable nodes, Findings findings)
    {
        if (!(nodes.File.ArgNodes ?? []).Select(id => (long)id).SequenceEqual(nodes.Arguments.Select(id => (long)id)))
            findings.Logic(CvmCodes.ArgNodes, "arg_nodes is not the ascending list of the variables' node ids", nodes.File.Of("arg_nodes"));
    }
}
