using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx;

/// <summary>What an ONNX file holds, told without importing it.</summary>
/// <param name="Inputs">Names of the inputs that are no constants.</param>
/// <param name="Operators">How often each operator stands in the graph, by name.</param>
public sealed record OnnxSummary(IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyDictionary<string, int> Operators)
{
    /// <exception cref="DiagnosticException">CML01xx, CML0202: no ONNX file.</exception>
    public static OnnxSummary Read(string path)
    {
        var graph = ModelReader.Read(path).Graph;
        var constants = graph.Initializer.Select(i => i.Name).ToHashSet(StringComparer.Ordinal);
        var operators =
            graph.Node.GroupBy(n => n.OpType, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return new(
            [.. graph.Input.Select(i => i.Name).Where(n => !constants.Contains(n))], [.. graph.Output.Select(o => o.Name)], operators);
    }

    /// <summary>
    /// The tensor of a protobuf file (<c>input_0.pb</c> of ONNX's test data), real types as f32, and the name of its own element type.
    /// </summary>
    /// <exception cref="DiagnosticException">CML01xx, CML02xx: no tensor, or one that is not read.</exception>
    public static (Tensor Tensor, string ElementType) ReadTensor(string path, long maxMemory = 8L << 30)
    {
        string name = InputFile.DisplayName(path);
        var tensor = ModelReader.ReadTensor(path);
        var reader = new TensorReader(name, Path.GetDirectoryName(Path.GetFullPath(path))!, new MemoryBudget(maxMemory));
        return (reader.Read(tensor, name), ElementTypes.Name(tensor.DataType));
    }
}
