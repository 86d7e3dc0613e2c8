using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>
/// Makes of a graph for one sample the graph for several at once: <c>i8[1, 3, 32, 32]</c> ⇒ <c>i8[64, 3, 32, 32]</c>. Sample k of its
/// outputs is what the graph gives for sample k alone.
/// </summary>
public static class Rebatch
{
    /// <param name="graph">Of the cvm level; its inputs have 1 as their first dimension.</param>
    /// <exception cref="DiagnosticException">CML0933: operations that mix samples, or fix their number; all of them.</exception>
    public static Graph Of(Graph graph, int count)
    {
        var (build, copies, found) = (new GraphBuilder(graph.Name, graph.Level), new Dictionary<Value, Value>(), new DiagnosticBag());
        foreach (var input in graph.Inputs)
        {
            if (Batched(input.Type.Shape, count) is { } shape)
                copies[input] = build.Input(input.Name!, TensorType.Integer(input.Type.Precision, shape));
            else found.Error(
                LibraryCodes.NotBatchable, $"input '{input.Name}' is {input.Type.Shape}: it does not begin with a dimension of 1");
        }
        foreach (var operation in graph.Operations)
        {
            if (operation.Constant is { } constant)
                copies[operation.Result] = build.Constant(
                    operation.Result.Name ?? "c", constant, operation.Result.Type, operation.Location);
            else if (operation.Operands.All(copies.ContainsKey)) Copy(operation, count, build, copies, found);
        }
        found.ThrowIfErrors();
        foreach (var output in graph.Outputs) build.Output(copies[output]);
        return build.Build();
    }

    private static void Copy(Operation operation, int count, GraphBuilder build, Dictionary<Value, Value> copies, DiagnosticBag found)
    {
        string name = operation.Results[0].Name ?? operation.Spec.Name, why = "";
        try
        {
            if (IsSampleWise(operation))
            {
                var copy = build.Operation(operation.Spec, Operands(operation, count, build, copies), Attributes(operation, count),
                    [.. operation.Results.Select(r => r.Name)], operation.Location);
                if (copy.Results.Zip(operation.Results)
                    .All(pair =>
                    pair.First.Type.Element == pair.Second.Type.Element && pair.First.Type.Shape == Batched(pair.Second.Type.Shape, count)))
                {
                    foreach (var (result, old) in copy.Results.Zip(operation.Results)) copies[old] = result;
                    return;
                }
            }
        }
        catch (RuleException error)
        {
            why = $": {error.Message}";
        }
        found.Error(LibraryCodes.NotBatchable,
            $"{operation.Spec.Name} '{name}' does not work on {Counted.Of(count, "sample")} one by one{why}", operation.Location,
            "take fewer samples, or one");
    }

    private static bool IsSampleWise(Operation operation)
    {
        if (operation.Spec == CvmShape.StridedSlice && operation.Ints("stride") is { IsEmpty: false } stride && stride[0] != 1)
            return false;
        if (operation.Spec == CvmLookup.Take) return operation.Operands.Count(o => !o.IsConstant) == 1;
        return operation.Spec.Is(OpTraits.SampleWise) || operation.Operands.Skip(1).All(o => o.IsConstant);
    }

    /// <summary>A constant that is joined to the data, as the border of centred data is, is joined to each sample.</summary>
    /// <exception cref="RuleException">It would be larger than values may be.</exception>
    private static IReadOnlyList<Value> Operands(Operation operation, int count, GraphBuilder build, Dictionary<Value, Value> copies)
    {
        bool joins = operation.Spec == CvmShape.Concatenate && operation.Result.Type.Shape.Axis(operation.Int("axis")) != 0;
        return [.. operation.Operands.Select(operand =>
            joins && operand.Constant is { Tensor: Tensor<int> tensor } && Batched(tensor.Shape, count) is { } shape
                ? build.Constant(operand.Name ?? "c", Repeated(operation, tensor, shape), operand.Type.Precision, operand.Type.Scale)
                : copies[operand])];
    }

    private static Tensor<int> Repeated(Operation operation, Tensor<int> tensor, Shape shape)
    {
        var all = Tensor.Zeros<int>(CvmRules.Limited(operation, [.. shape.Select(d => (long)d)]));
        for (int k = 0; k < shape[0]; k++) tensor.Data.CopyTo(all.Data, k * tensor.Length);
        return all;
    }

    // The order of elements stays that of the samples, whatever the shape said about their number; a slice keeps all of them.
    private static Attributes Attributes(Operation operation, int count)
    {
        if (operation.Spec == CvmShape.Reshape && Batched(operation.Result.Type.Shape, count) is { } shape)
            return operation.Attributes.With("shape", shape.ToArray());
        if (operation.Spec == CvmShape.StridedSlice && operation.Ints("end") is [> 0, .. var ends])
            return operation.Attributes.With("end", (long[])[count, .. ends]);
        return operation.Attributes;
    }

    private static Shape? Batched(Shape shape, int count) => shape.Rank > 0 && shape[0] == 1 ? Shape.Of([count, .. shape.Skip(1)]) : null;
}
