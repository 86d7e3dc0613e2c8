using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

/// <summary>Which operations of a float graph quantize cannot turn into integers, why, and what to do about it.</summary>
internal static class IntegerForms
{
    private const int Listed = 8;

    private static readonly Dictionary<OpSpec, string> s_hints = new()
    {
        [NnLookup.Where] =
            "only a constant condition can be lowered (lower-composites): fix it with --bind, or write the choice as x·c + y·(1 - c)",
        [NnConv.Conv2D] = "fix weights that are inputs with --bind; weights that the network computes have no integer form",
        [NnConv.Dense] = "fix weights that are inputs with --bind; nn.matmul multiplies two computed matrices",
        [NnConv.MatMul] = "a product with many matrices has too many operations: make the batch smaller",
        [NnBinary.Pow] = "write it as exp(b · log a)",
    };

    /// <summary>One error for each row and reason, with the names of all operations that it concerns.</summary>
    public static void Check(Graph graph, DiagnosticBag problems)
    {
        var names = Names.Of(graph);
        foreach (var group in graph.Operations.Where(o => o.Constant is null).Select(o => (Operation: o, Reason: Reason(o)))
            .Where(p => p.Reason is not null)
            .GroupBy(p => (p.Operation.Spec, p.Reason)))
        {
            string[] values = [.. group.Select(p => $"%{names[p.Operation.Results[0]]}")];
            string more = values.Length > Listed ? ", …" : "";
            problems.Error(QuantizeCodes.Unsupported,
                $"{group.Key.Spec.Name}: {group.Key.Reason} ({(values.Length == 1 ? "once" : $"{values.Length} times")}: {string.Join(", ", values.Take(Listed))}{more})",
                group.Select(p => p.Operation.Location).Aggregate((a, b) => a.Merge(b)),
                s_hints.GetValueOrDefault(group.Key.Spec, "the passes before quantize rewrite many forms of it; see 'cortexml passes'"));
        }
    }

    private static string? Reason(Operation operation) =>
        operation.Results.Any(HasTooManyDimensions) || operation.Operands.Any(HasTooManyDimensions)
            ? $"more than {CvmRules.MaxRank} dimensions"
        : operation.Results.Concat(operation.Operands).FirstOrDefault(IsTooLarge) is { } large ? TooLarge(large.Type.Shape)
        : LoweringTable.Find(operation) is { } rule ? rule.Refusal(operation) : "no integer form";

    private static bool IsTooLarge(Value value) =>
        value.Type.Shape.Any(dim => dim > CvmRules.MaxDimension) || Elements(value.Type.Shape) > CvmRules.MaxElements;

    private static string TooLarge(Shape shape) => string.Create(CultureInfo.InvariantCulture,
        $"the CVM cannot hold {shape}: at most {CvmRules.MaxDimension} in a dimension and {CvmRules.MaxElements} elements");

    private static Int128 Elements(Shape shape) => shape.Aggregate((Int128)1, (count, dim) => count * dim);

    private static bool HasTooManyDimensions(Value value) => value.Type.Shape.Rank > CvmRules.MaxRank;
}
