using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Load;

/// <summary>The graph's lists against the number of entries (CortexMl.Cvm/SPECIFICATION.md §6.2 e to i).</summary>
internal sealed class ListChecks(NodeTable nodes, Findings findings)
{
    private readonly SymbolFile _file = nodes.File;

    public void Check()
    {
        bool storage = CheckLength("storage_id", _file.Lists.StorageIds!.Count);
        for (int entry = 0; entry < _file.Lists.StorageIds.Count; entry++)
            if (_file.Lists.StorageIds[entry] < 0)
                Limit("storage_id", $"storage_id of entry {entry} is {_file.Lists.StorageIds[entry]}, allowed is 0 or more");
        if (storage) CheckConflicts();
        CheckLength("shape", _file.Lists.Shapes!.Count);
        for (int entry = 0; entry < _file.Lists.Shapes.Count; entry++)
            if (Excess(_file.Lists.Shapes[entry]) is { } problem) Limit("shape", $"shape of entry {entry} has {problem}");
        CheckLength("precision", _file.Lists.Precisions?.Count ?? 0);
        for (int entry = 0; entry < (_file.Lists.Precisions?.Count ?? 0); entry++)
            if (_file.Lists.Precisions![entry] is not (-1 or (>= 1 and <= 32)))
                Limit("precision", $"precision of entry {entry} is {_file.Lists.Precisions[entry]}, allowed are -1 and 1..32");
        if (_file.Lists.DeviceIndices > 0)
            findings.Logic(CvmCodes.ListLength, "device_index is not empty", _file.Of("device_index"), "leave it out");
    }

    /// <summary>The recorded shapes, once <see cref="Check"/> found nothing.</summary>
    public static Shape[] Shapes(NodeTable nodes)
    {
        var shapes = new Shape[nodes.EntryCount];
        for (int entry = 0; entry < shapes.Length; entry++)
            shapes[entry] = Shape.Of(nodes.File.Lists.Shapes![entry].ToArray().Select(dim => (int)dim));
        return shapes;
    }

    /// <summary>§7: only operators that work in place may write where they read.</summary>
    private void CheckConflicts()
    {
        var ids = _file.Lists.StorageIds!;
        for (int node = 0; node < nodes.Count; node++)
        {
            if (nodes.Spec(node) is not { } spec || spec.Traits.HasFlag(OpTraits.InPlace)) continue;
            for (int output = nodes.FirstEntry(node); output < nodes.FirstEntry(node + 1); output++)
            {
                if (!_file.Nodes[node].Inputs.Any(input => nodes.Entry(input) is { } entry && ids[entry] == ids[output])) continue;
                findings.Logic(CvmCodes.StorageConflict,
                    $"{spec.CvmName} writes entry {output} to storage {ids[output]}, which holds one of its inputs",
                    _file.Of(_file.Nodes[node]), "only operators that work element by element may share storage with an input");
            }
        }
    }

    private bool CheckLength(string list, int count)
    {
        if (count == nodes.EntryCount) return true;
        findings.Logic(CvmCodes.ListLength,
            $"{list} has {Counted.Of(count, "element")} for {Counted.Of(nodes.EntryCount, "entry", "entries")}", _file.Of(list));
        return false;
    }

    private void Limit(string list, string message) => findings.Logic(CvmCodes.Limit, message, _file.Of(list));

    private static string? Excess(ReadOnlySpan<long> dims)
    {
        if (dims.Length is < 1 or > CvmRules.MaxRank) return $"{Counted.Of(dims.Length, "dimension")}, allowed are 1..{CvmRules.MaxRank}";
        long count = 1;
        foreach (long dim in dims)
        {
            if (dim is < 1 or > CvmRules.MaxDimension) return $"a dimension of {dim}, allowed are 1..{CvmRules.MaxDimension}";
            count *= dim;
            if (count > CvmRules.MaxElements) return $"more than {CvmRules.MaxElements} elements";
        }
        return null;
    }
}
