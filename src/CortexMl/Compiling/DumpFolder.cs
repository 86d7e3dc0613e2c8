using System.Globalization;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Compiling;

/// <summary>
/// A folder with texts of a graph as passes leave it, and one file with the constants that are too large for them: each tensor stands in it
/// once, however many texts name it.
/// </summary>
/// <param name="path">Made where it is not there.</param>
internal sealed class DumpFolder(string path)
{
    private const string TensorsName = "constants.npz";

    private readonly Dictionary<Tensor, string> _keys = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    /// <summary>The text of a graph; where its constants came from says nothing beside these texts.</summary>
    public string Print(Graph graph) => TextPrinter.Print(
        GraphCopy.Of(graph, constant => new ConstantData(constant.Tensor)),
        new PrintOptions { Place = (name, constant) => new ConstantOrigin.File(TensorsName, KeyOf(name, constant.Tensor)) });

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(path);
        AtomicFile.WriteText(Path.Combine(path, name), text);
    }

    /// <summary>Writes the constants, when the last text is there.</summary>
    public void Finish()
    {
        if (_keys.Count == 0) return;
        Directory.CreateDirectory(path);
        var named = _keys.Select(k => (Key: k.Value, Tensor: k.Key)).OrderBy(k => k.Key, StringComparer.Ordinal);
        NpzWriter.Write(Path.Combine(path, TensorsName), [.. named]);
    }

    private string KeyOf(string name, Tensor tensor)
    {
        if (_keys.TryGetValue(tensor, out string? key)) return key;
        key = name;
        for (int suffix = 1; !_taken.Add(key); suffix++) key = string.Create(CultureInfo.InvariantCulture, $"{name}.{suffix}");
        return _keys[tensor] = key;
    }
}
