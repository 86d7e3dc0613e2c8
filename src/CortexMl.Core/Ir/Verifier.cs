using CortexMl.Diagnostics;
using CortexMl.Ir.Origins;

namespace CortexMl.Ir;

/// <summary>
/// The legality table of a level plus each row's type rule: operators allowed there, operands defined before use, recorded types what the
/// rows infer, names unique, scales where the level wants them.
/// </summary>
public static class Verifier
{
    /// <summary>Everything wrong with the graph; empty when it is legal at its level.</summary>
    public static DiagnosticBag Check(Graph graph)
    {
        var found = new DiagnosticBag();
        var defined = new HashSet<Value>(graph.Inputs);
        CheckNames(graph, found);
        foreach (var input in graph.Inputs) CheckType(graph, input, isBoundary: true, found, SourceLocation.Unknown);
        foreach (var operation in graph.Operations)
        {
            foreach (var operand in operation.Operands)
                if (!defined.Contains(operand))
                    found.Error(
                        DiagnosticCodes.BrokenGraph, $"{operation.Spec.Name} uses {operand} before it is defined", operation.Location);
            CheckOperation(graph, operation, found);
            defined.UnionWith(operation.Results);
        }
        foreach (var output in graph.Outputs)
        {
            if (!defined.Contains(output)) found.Error(DiagnosticCodes.BrokenGraph, $"returned value {output} is not defined in the graph");
            else CheckType(graph, output, isBoundary: true, found, output.Producer?.Location ?? SourceLocation.Unknown);
        }
        InputSignature.Check(graph, found);
        OutputSignature.Check(graph, found);
        CheckUses(graph, found);
        return found;
    }

    private static void CheckOperation(Graph graph, Operation operation, DiagnosticBag found)
    {
        var spec = operation.Spec;
        if (!spec.Levels.HasFlag(graph.Level))
            found.Error(
                DiagnosticCodes.IllegalAtLevel, $"{spec.Name} is not legal at the {LevelNames.Of(graph.Level)} level", operation.Location);
        foreach (var result in operation.Results) CheckType(graph, result, isBoundary: false, found, operation.Location);
        if (operation.Constant is { } constant)
        {
            CheckConstant(operation, constant, found);
            return;
        }
        try
        {
            var inferred = spec.Infer(operation);
            for (int i = 0; i < operation.Results.Count; i++)
            {
                if (i >= inferred.Count || !inferred[i].Fits(operation.Results[i].Type))
                    found.Error(DiagnosticCodes.TypeMismatch,
                        $"{spec.Name}: result {i} is recorded as {operation.Results[i].Type}, the operator gives {(i < inferred.Count ? inferred[i] : "nothing")}", operation.Location);
            }
        }
        catch (RuleException error)
        {
            found.Error(DiagnosticCodes.TypeRule, $"{spec.Name}: {error.Message}", operation.Location, error.Hint, error.Class);
        }
    }

    private static void CheckConstant(Operation operation, ConstantData constant, DiagnosticBag found)
    {
        var type = operation.Result.Type;
        if (type.Shape != constant.Shape)
            found.Error(
                DiagnosticCodes.TypeMismatch, $"constant {operation.Result}: its data has shape {constant.Shape}", operation.Location);
        if (type.Element.IsFloat != constant.IsFloat)
            found.Error(
                DiagnosticCodes.TypeMismatch, $"constant {operation.Result}: its data is {constant.Tensor.DType}", operation.Location);
        else if (type.Element.IsInteger)
        {
            long bound = type.Element.Bound;
            var (least, greatest) = constant.Range;
            if (least >= -bound && greatest <= bound) return;
            foreach (int v in constant.Integers)
            {
                if (v >= -bound && v <= bound) continue;
                found.Error(
                    DiagnosticCodes.TypeMismatch, $"constant {operation.Result}: element {v} is outside ±{bound}", operation.Location);
                break;
            }
        }
    }

    private static void CheckType(Graph graph, Value value, bool isBoundary, DiagnosticBag found, SourceLocation location)
    {
        bool wantsFloat = graph.Level == Level.Float;
        if (value.Type.Element.IsFloat != wantsFloat)
            found.Error(DiagnosticCodes.IllegalAtLevel,
                $"{value}: element {value.Type.Element} is not legal at the {LevelNames.Of(graph.Level)} level", location);
        bool mayHaveScale = graph.Level == Level.Quant || (graph.Level == Level.Cvm && (isBoundary || IsBoundary(value)));
        bool mustHaveScale = graph.Level == Level.Quant && !value.IsConstant;
        if (value.Type.Scale is not null && !mayHaveScale)
            found.Error(
                DiagnosticCodes.IllegalAtLevel, $"{value}: a scale is not legal here at the {LevelNames.Of(graph.Level)} level", location);
        if (value.Type.Scale is null && mustHaveScale)
            found.Error(DiagnosticCodes.IllegalAtLevel, $"{value}: a value of the quant level needs a scale", location);
        if (value.Type.Scale is { Axis: { } axis } scale
            && (axis >= value.Type.Shape.Rank || value.Type.Shape[axis] != scale.Values.Length))
            found.Error(DiagnosticCodes.TypeMismatch,
                $"{value}: {Counted.Of(scale.Values.Length, "scale")} along axis {axis} of shape {value.Type.Shape}", location);
    }

    private static bool IsBoundary(Value value) => value.IsInput || value.IsOutput;

    private static void CheckNames(Graph graph, DiagnosticBag found)
    {
        var constants = graph.Constants.Select(o => o.Result).ToHashSet();
        foreach (var group in graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).Where(v => v.Name is not null)
            .GroupBy(v => (v.Name, constants.Contains(v))))
            if (group.Count() > 1)
                found.Error(DiagnosticCodes.DuplicateName,
                    $"{Counted.Of(group.Count(), "value is", "values are")} named '{group.Key.Name}'");
        foreach (var constant in constants.Where(c => c.Name is null))
            found.Error(DiagnosticCodes.BrokenGraph, $"constant {constant} has no name");
    }

    private static void CheckUses(Graph graph, DiagnosticBag found)
    {
        foreach (var operation in graph.Operations)
            for (int i = 0; i < operation.Operands.Count; i++)
                if (!operation.Operands[i].HasUse(new Use(operation, i)))
                    found.Error(
                        DiagnosticCodes.BrokenGraph, $"operand {i} of {operation} is missing from the use list", operation.Location);
    }
}
