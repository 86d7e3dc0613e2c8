using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>
/// Inputs that the user fixes: to a number, which fills them, or to the tensor of a file: .npy, or a protobuf tensor as in ONNX's test
/// data.
/// </summary>
internal static class Bindings
{
    /// <summary>Up to here a double holds every whole number.</summary>
    private const double Whole = 1L << 53;

    /// <exception cref="DiagnosticException">The file cannot be read, or its tensor does not fit the input.</exception>
    public static Dictionary<string, Tensor> Read(OnnxImportPlan plan, ImportOptions options, MemoryBudget budget)
    {
        var bound = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var (name, value) in options.Bindings.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            var input = plan.Inputs.First(i => i.Name == name);
            int declared = input.Type?.TensorType?.ElemType ?? 0;
            if (TensorReader.TypeOf((TensorProto.Types.DataType)declared) is not { } type)
                throw new DiagnosticException(
                    OnnxCodes.ElementType, $"input '{name}' has element type {ElementTypes.Name(declared)}, which is not read");
            bound[name] = Number(value) is { } number
                ? Filled(name, type, options.InputShapes.GetValueOrDefault(name) ?? OnnxInputShapes.Declared(input, plan), number, budget)
                : Constants.Cast(ReadFile(value, budget), type);
        }
        return bound;
    }

    /// <summary>A number with a point as the decimal sign, or a truth by name; null for anything else.</summary>
    private static double? Number(string text) => text switch
    {
        "true" => 1,
        "false" => 0,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number : null,
    };

    /// <exception cref="DiagnosticException">CML0208 the number of elements is not known; CML0252 a whole number is needed.</exception>
    private static Tensor Filled(string name, DType type, Shape? shape, double number, MemoryBudget budget)
    {
        if (shape is null)
            throw new DiagnosticException(FrontendCodes.InputShapeUnknown,
                $"input '{name}' shall be {Numbers.Format(number)} throughout, but its shape is not known",
                hint: $"say it as well: --input {name}=1,4");
        if (!type.IsReal() && (number != Math.Floor(number) || Math.Abs(number) > Whole))
            throw new DiagnosticException(OnnxCodes.ElementType,
                $"input '{name}' takes whole numbers of type {type}, not {Numbers.Format(number)}");
        budget.Reserve(name, shape, sizeof(double));
        return Constants.FromDoubles(type, shape, [.. Enumerable.Repeat(number, checked((int)shape.Count))]);
    }

    private static Tensor ReadFile(string path, MemoryBudget budget)
    {
        string name = InputFile.DisplayName(path);
        if (Path.GetExtension(name) == ".npy") return NpyReader.Read(InputFile.ReadAllBytes(path), name);
        return new TensorReader(name, Path.GetDirectoryName(Path.GetFullPath(path))!, budget).Read(ModelReader.ReadTensor(path), name);
    }
}
