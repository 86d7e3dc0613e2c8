using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;

namespace CortexMl.Frontends.MxNet.Read;

/// <summary>
/// Reads symbol JSON in every historical spelling: attributes in <c>attrs</c> (1.0 and later), <c>attr</c> (0.9 to 1.1) or <c>param</c>
/// (before 0.9, where <c>attr</c> may stand beside it with the user's own), edges of two or three numbers, with or without
/// <c>mxnet_version</c>.
/// </summary>
public static class SymbolReader
{
    /// <exception cref="DiagnosticException">CML0101, CML0102, CML0106, CML0201 another kind of file, CML0202 broken.</exception>
    public static Symbol Read(string path) => Read(InputFile.ReadAllBytes(path), InputFile.DisplayName(path));

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DiagnosticException">CML0201 another kind of file, CML0202 broken (with line and column).</exception>
    public static Symbol Read(ReadOnlySpan<byte> bytes, string name)
    {
        CheckKind(bytes, name);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) bytes = bytes[3..];
        var json = new JsonCursor(bytes, name);
        List<SymbolNode>? nodes = null;
        List<SymbolEntry>? heads = null;
        SourceLocation headsAt = new(name);
        json.Next(JsonTokenType.StartObject, "the symbol");
        while (json.Property() is { } property)
        {
            if (property == "nodes") nodes = NodeReader.ReadNodes(ref json);
            else if (property == "heads")
            {
                headsAt = json.Here;
                heads = NodeReader.ReadEntries(ref json, "heads");
            }
            else json.SkipValue();
        }
        json.End();
        if (nodes is null || heads is null)
            throw new DiagnosticException(FrontendCodes.WrongFile,
                $"{name} is JSON, but no MXNet symbol: it has no '{(nodes is null ? "nodes" : "heads")}'", new(name),
                "an MXNet symbol file is written by export() or save_checkpoint() and ends in -symbol.json");
        CheckEntries(nodes, heads, headsAt);
        return new Symbol(name, nodes, heads);
    }

    private static void CheckEntries(List<SymbolNode> nodes, List<SymbolEntry> heads, SourceLocation headsAt)
    {
        foreach (var node in nodes)
            foreach (var input in node.Inputs)
                if (input.Node < 0 || input.Node >= node.Index || input.Output < 0)
                    throw new DiagnosticException(FrontendCodes.ModelMalformed,
                        $"node {node.Index} takes output {input.Output} of node {input.Node}; only nodes before it (0..{node.Index - 1}) are allowed", node.Location);
        if (heads.Count == 0)
            throw new DiagnosticException(FrontendCodes.ModelMalformed, "'heads' is empty: the network has no output", headsAt);
        foreach (var head in heads)
            if (head.Node < 0 || head.Node >= nodes.Count || head.Output < 0)
                throw new DiagnosticException(FrontendCodes.ModelMalformed,
                    $"'heads' names output {head.Output} of node {head.Node}; {Counted.There(nodes.Count, "node")}", headsAt);
    }

    private static void CheckKind(ReadOnlySpan<byte> bytes, string name)
    {
        if (MxNetParamsReader.IsParams(bytes))
            throw new DiagnosticException(FrontendCodes.WrongFile, $"{name} is an MXNet parameter file, not a symbol", new(name),
                "give the -symbol.json file as the model and this one with --params");
        if (bytes.IndexOf("\"cvm_op\""u8) >= 0)
            throw new DiagnosticException(FrontendCodes.WrongFile, $"{name} is a CVM symbol, not an MXNet one", new(name),
                "give the folder with its 'symbol' and 'params' as the model");
    }
}

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
