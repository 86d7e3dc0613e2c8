using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Read;

/// <param name="Name">As written in the file, <c>arg:</c> or <c>aux:</c> included; empty in a file without names.</param>
public sealed record NamedArray(string Name, Tensor Tensor)
{
    /// <summary>The name without <c>arg:</c> or <c>aux:</c>: what the symbol's variable is called.</summary>
    public string Key =>
        Name.StartsWith("arg:", StringComparison.Ordinal) || Name.StartsWith("aux:", StringComparison.Ordinal) ? Name[4..] : Name;
}

/// <summary>The arrays of a <c>.params</c> file in the file's order.</summary>
public sealed class ParamsFile
{
    private readonly Dictionary<string, NamedArray> _byKey = new(StringComparer.Ordinal);

    internal ParamsFile(string name, IReadOnlyList<NamedArray> arrays)
    {
        Name = name;
        Arrays = arrays;
        foreach (var array in arrays)
        {
            if (array.Name.Length == 0) continue;
            _byKey.TryAdd(array.Key, array);
            _byKey.TryAdd(array.Name, array);
        }
    }

    /// <summary>File name for messages and for <c>file("…", "…")</c>.</summary>
    public string Name { get; }

    public IReadOnlyList<NamedArray> Arrays { get; }

    /// <summary>
    /// The array of that name, with or without <c>arg:</c> or <c>aux:</c>; the first where several bear it. Null where there is none.
    /// </summary>
    public Tensor? Find(string key) => _byKey.GetValueOrDefault(key)?.Tensor;
}
