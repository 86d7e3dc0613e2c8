using System.Collections.Frozen;
using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Cvm.Load;

/// <summary>Finds the row of a <c>func_name</c> (CortexMl.Cvm/SPECIFICATION.md §4.3).</summary>
internal static class OperatorNames
{
    // They resolve in the reference, but have no kernel there: a model with one is rejected when it is set up.
    private static readonly FrozenDictionary<string, string> Aliases = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["nn.relu"] = "relu",
        ["add"] = "broadcast_add",
        ["subtract"] = "broadcast_sub",
        ["multiply"] = "broadcast_mul",
        ["__add_symbol__"] = "broadcast_add",
        ["__sub_symbol__"] = "broadcast_sub",
        ["__mul_symbol__"] = "broadcast_mul",
        ["__max_symbol__"] = "broadcast_max",
        ["__div_symbol__"] = "broadcast_div",
        ["__greater_symbol__"] = "broadcast_greater",
        ["vision.non_max_suppression"] = "non_max_suppression",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The row, or null for an unknown name. One trailing <c>_17</c> (or bare <c>_</c>) is a number and not part of the name.
    /// </summary>
    /// <param name="hasKernel">False for an alias.</param>
    public static OpSpec? Find(string functionName, out bool hasKernel)
    {
        string name = WithoutNumber(functionName);
        hasKernel = !Aliases.TryGetValue(name, out string? canonical);
        return OpTable.FindCvm(canonical ?? name);
    }

    private static string WithoutNumber(string name)
    {
        int end = name.Length;
        while (end > 0 && char.IsAsciiDigit(name[end - 1])) end--;
        return end > 0 && name[end - 1] == '_' ? name[..(end - 1)] : name;
    }
}
