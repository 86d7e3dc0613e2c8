using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Cvm.Symbol;

/// <summary>Output <paramref name="Index"/> of node <paramref name="Node"/> as the file writes it: unchecked.</summary>
/// <param name="Offset">Byte offset in the symbol.</param>
internal readonly record struct EntryReference(uint Node, uint Index, int Offset);

/// <summary>One node of the file.</summary>
/// <param name="FuncName">Null where the node has no <c>attrs</c>.</param>
internal sealed record SymbolFileNode(bool IsVariable, string Name, string? FuncName, EntryReference[] Inputs, int Offset);

/// <summary>What a symbol says, with the types of the schema but nothing else checked (CortexMl.Cvm/SPECIFICATION.md §4).</summary>
internal sealed class SymbolFile
{
    private const int LongestName = 200;

    public required ReadOnlyMemory<byte> Text { get; init; }

    public required Func<int, SourceLocation> Locate { get; init; }

    public List<SymbolFileNode> Nodes { get; set; } = [];

    public List<EntryReference> Heads { get; set; } = [];

    /// <summary>Null where the file has none.</summary>
    public List<uint>? ArgNodes { get; set; }

    /// <summary>Null where the file has none.</summary>
    public List<uint>? RowPointers { get; set; }

    public string Version { get; set; } = CvmVersions.V100;

    public string Postprocess { get; set; } = "";

    public SymbolLists Lists { get; } = new();

    /// <summary>Offset of the value of each key that the file has, of those inside <c>attrs</c> too.</summary>
    public Dictionary<string, int> Offsets { get; } = new(StringComparer.Ordinal);

    /// <summary>The location of a key's value; of the file where it has no such key.</summary>
    public SourceLocation Of(string key) => Locate(Offsets.GetValueOrDefault(key));

    /// <summary>The location of a node, with its name, or the start of a very long one.</summary>
    public SourceLocation Of(SymbolFileNode node) =>
        Locate(node.Offset) with { Nodes = [node.Name.Length <= LongestName ? node.Name : node.Name[..LongestName] + "…"] };
}

/// <summary>The graph's <c>attrs</c>: one element per node or per entry. A list that the file lacks is null.</summary>
internal sealed class SymbolLists
{
    /// <summary>Per node the still escaped text between the quotes.</summary>
    public List<Range>? OpAttributes { get; set; }

    public List<int>? StorageIds { get; set; }

    public ShapeList? Shapes { get; set; }

    public List<int>? Precisions { get; set; }

    /// <summary>Per entry whether <c>dltype</c> is <c>int32</c>.</summary>
    public List<bool>? Int32Types { get; set; }

    public int DeviceIndices { get; set; }
}

/// <summary>Many small shapes in two flat lists: a hostile file of millions costs no object each.</summary>
internal sealed class ShapeList
{
    private readonly List<long> _dims = [];
    private readonly List<int> _ends = [];

    public int Count => _ends.Count;

    public ReadOnlySpan<long> this[int index] =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_dims)[(index == 0 ? 0 : _ends[index - 1]).._ends[index]];

    public void AddDim(long dim) => _dims.Add(dim);

    public void EndShape() => _ends.Add(_dims.Count);
}
