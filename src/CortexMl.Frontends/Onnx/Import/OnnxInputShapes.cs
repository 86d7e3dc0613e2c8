using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Shapes of the network's inputs: given by the user, else as declared; an unknown batch counts as 1.</summary>
internal static class OnnxInputShapes
{
    /// <exception cref="DiagnosticException">CML0208, CML0209, CML0252: all of them.</exception>
    public static Dictionary<string, Shape> Resolve(OnnxImportPlan plan, ImportOptions options)
    {
        var found = new DiagnosticBag();
        string inputs = Listing.Of([.. plan.Inputs.Select(i => $"'{i.Name}'")]);
        foreach (string name in options.InputShapes.Keys.Concat(options.Bindings.Keys).Order(StringComparer.Ordinal))
            if (plan.Inputs.All(i => i.Name != name))
                found.Error(FrontendCodes.UnknownInput, $"{plan.File} has no input '{name}'", new(plan.File),
                    inputs.Length == 0 ? "it has no inputs" : $"its inputs: {inputs}");
        var shapes = new Dictionary<string, Shape>(StringComparer.Ordinal);
        var unknown = new List<ValueInfoProto>();
        foreach (var input in plan.Inputs.Where(i => !options.Bindings.ContainsKey(i.Name)))
        {
            if (TypeError(input) is { } problem)
                found.Error(OnnxCodes.ElementType, $"input '{input.Name}' {problem}", SourceLocation.OfNode(input.Name, plan.File));
            else if (options.InputShapes.GetValueOrDefault(input.Name) is { } given) shapes[input.Name] = given;
            else if (Declared(input, plan) is { } shape) shapes[input.Name] = shape;
            else unknown.Add(input);
        }
        if (unknown is [var only] && !found.HasErrors && options.ShapeOfData?.Invoke(only.Name) is { } told)
        {
            shapes[only.Name] = told;
            unknown.Clear();
        }
        foreach (var input in unknown)
            found.Error(FrontendCodes.InputShapeUnknown, $"the shape of input '{input.Name}' is not known: {Spell(input)}",
                SourceLocation.OfNode(input.Name, plan.File),
                $"pass --input {input.Name}=SHAPE, for example 1,3,224,224");
        found.ThrowIfErrors();
        return shapes;
    }

    private static string? TypeError(ValueInfoProto input)
    {
        if (input.Type?.TensorType is not { } tensor) return "is no dense tensor";
        return TensorReader.TypeOf((TensorProto.Types.DataType)tensor.ElemType) is not null ? null
            : $"has element type {ElementTypes.Name(tensor.ElemType)}; types that are read: {ElementTypes.Readable}";
    }

    /// <summary>
    /// The shape that the file says, an unknown batch counted as 1; null where it does not say all of it. The batch is the first axis, and
    /// others that have the name of some input's first one, as states of recurrent layers do: [2, batch, 128].
    /// </summary>
    public static Shape? Declared(ValueInfoProto input, OnnxImportPlan plan)
    {
        if (input.Type?.TensorType?.Shape is not { } shape) return null;
        var batches = plan.Inputs.Select(i => i.Type?.TensorType?.Shape?.Dim.FirstOrDefault()?.DimParam ?? "")
            .Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);
        long[] dims = [.. shape.Dim.Select((d, axis) => IsUnknown(d) && (axis == 0 || batches.Contains(d.DimParam)) ? 1 : d.DimValue)];
        return Array.TrueForAll(dims, d => d is > 0 and <= int.MaxValue) ? Shape.Of(dims.Select(d => (int)d)) : null;
    }

    /// <summary>A name, nothing, or the 0 and -1 that some exporters write.</summary>
    private static bool IsUnknown(TensorShapeProto.Types.Dimension dim) => dim.DimValue <= 0;

    private static string Spell(ValueInfoProto input) => input.Type.TensorType.Shape is not { } shape ? "no rank is declared"
        : $"[{string.Join(", ", shape.Dim.Take(16).Select(d => d.DimParam.Length > 0 ? d.DimParam : d.DimValue > 0 ? $"{d.DimValue}" : "?"))}]";
}
