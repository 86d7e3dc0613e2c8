using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Load;

/// <summary>
/// Kernels, storage, heads and the input (CortexMl.Cvm/SPECIFICATION.md §6.4, §6.5). Sizes are computed, nothing is allocated.
/// </summary>
internal static class Setup
{
    public const string InputName = "data";

    private const long MaxStorage = 1L << 32;

    public static void Check(NodeTable nodes, Shape[] shapes, Findings findings)
    {
        var file = nodes.File;
        for (int node = 0; node < nodes.Count; node++)
        {
            if (nodes.Spec(node) is { } spec && !nodes.HasKernel(node))
                findings.Logic(CvmCodes.NoKernel, $"operator '{file.Nodes[node].FuncName}' has no kernel",
                    file.Of(file.Nodes[node]), $"write {spec.CvmName}");
        }
        long storage = CvmStorage.BytesOf(file.Lists.StorageIds!, shapes);
        if (storage > MaxStorage)
            findings.Logic(CvmCodes.StorageLimit, $"storage of {Counted.Of(storage, "byte")}, allowed are {MaxStorage}",
                file.Of("storage_id"));
        if (file.Heads.Count == 0) findings.Logic(CvmCodes.NoHeads, "heads is empty", file.Of("heads"), "a model has at least one output");
        foreach (var head in file.Heads)
            if (nodes.Entry(head) is null)
                findings.Logic(CvmCodes.NoHeads, $"head [{head.Node}, {head.Index}] is no entry", file.Locate(head.Offset));
        var inputs = nodes.Arguments.Where(id => file.Nodes[id].Name == InputName).ToList();
        if (inputs.Count == 0)
            findings.Runtime(CvmCodes.NoData, "no variable is named 'data'", file.Of("arg_nodes"), "the runtime writes its input there");
        if (inputs.Count > 1) findings.Logic(CvmCodes.DuplicateName, "two variables are named 'data'", file.Of(file.Nodes[inputs[1]]));
    }
}
