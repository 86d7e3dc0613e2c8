using CortexMl.Ir;

namespace CortexMl.Frontends.MxNet;

/// <summary>One end of an edge: output <paramref name="Output"/> of node <paramref name="Node"/>.</summary>
public readonly record struct SymbolEntry(int Node, int Output);

/// <summary>A node of a symbol file.</summary>
/// <param name="Op">Operator name; <c>null</c> for a variable.</param>
/// <param name="Attributes">All attributes as text, whatever the file calls their section.</param>
/// <param name="Location">File, line and column of the node, and its name.</param>
public sealed record SymbolNode(
    int Index, string Op, string Name, IReadOnlyList<SymbolEntry> Inputs,
    IReadOnlyDictionary<string, string> Attributes, SourceLocation Location)
{
    public bool IsVariable => Op == "null";
}

/// <summary>A symbol file as it was written: nodes in topological order and the entries that are the network's outputs.</summary>
public sealed record Symbol(string File, IReadOnlyList<SymbolNode> Nodes, IReadOnlyList<SymbolEntry> Heads);
