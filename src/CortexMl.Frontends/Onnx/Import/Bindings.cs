using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Inputs that the user fixes to a tensor of a file: .npy, or a protobuf tensor as in ONNX's test data.</summary>
internal static class Bindings
{
    /// <exception cref="DiagnosticException">The file cannot be read, or its tensor does not fit the input.</exception>
    public static Dictionary<string, Tensor> Read(OnnxImportPlan plan, ImportOptions options, MemoryBudget budget)
    {
        var bound = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, path) in options.Bindings.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            var tensor = ReadFile(path, budget);
            int declared = plan.Inputs.First(i => i.Name == name).Type?.TensorType?.ElemType ?? 0;
            if (TensorReader.TypeOf((TensorProto.Types.DataType)declared) is not { } type)
                throw new DiagnosticException(
                    OnnxCodes.ElementType, $"input '{name}' has element type {ElementTypes.Name(declared)}, which is not read");
            bound[name] = Constants.Cast(tensor, type);
        }
        return bound;
    }

    private static Tensor ReadFile(string path, MemoryBudget budget)
    {
        string name = InputFile.DisplayName(path);
        if (Path.GetExtension(name) == ".npy") return NpyReader.Read(InputFile.ReadAllBytes(path), name);
        return new TensorReader(name, Path.GetDirectoryName(Path.GetFullPath(path))!, budget).Read(ModelReader.ReadTensor(path), name);
    }
}
