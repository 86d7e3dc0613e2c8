using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Cvm;

/// <summary>
/// Cost of a model on the chain (CortexMl.Cvm/SPECIFICATION.md §10): weight times elements of every operation, and five per element of
/// every value.
/// </summary>
public static class CvmGas
{
    private const int MemoryCost = 5;
    private const long MaxWeight = 1L << 30, MaxTotal = 1L << 40;

    /// <param name="graph">At the cvm level; every value counts, used or not.</param>
    /// <exception cref="DiagnosticException">CML0440, class logic: a weight above 2^30, or operations or memory above 2^40.</exception>
    public static long Of(Graph graph)
    {
        long operations = 0, memory = 0;
        foreach (var input in graph.Inputs) Add(ref memory, MemoryCost * input.Type.Shape.Count, "memory", null);
        foreach (var operation in graph.Operations)
        {
            foreach (var result in operation.Results) Add(ref memory, MemoryCost * result.Type.Shape.Count, "memory", operation.Location);
            if (operation.Constant is not null) continue;
            long weight = Weight(operation);
            if (weight > MaxWeight)
                throw Failure($"{operation.Spec.CvmName} costs {weight} per element, allowed are {MaxWeight}", operation.Location);
            Add(ref operations, weight * operation.Results[0].Type.Shape.Count, "operations", operation.Location);
        }
        return operations + memory;
    }

    /// <summary>The part that one operation has: itself and its results; of a constant the memory alone.</summary>
    /// <param name="operation">Of a graph whose gas is within the limits.</param>
    public static long Of(Operation operation) => MemoryCost * operation.Results.Sum(r => r.Type.Shape.Count)
        + (operation.Constant is null ? Weight(operation) * operation.Results[0].Type.Shape.Count : 0);

    private static long Weight(Operation operation) =>
        operation.Spec.Cost?.Invoke(operation, [.. operation.Results.Select(r => r.Type)]) ?? 1;

    private static void Add(ref long total, long cost, string what, SourceLocation? location)
    {
        total += cost;
        if (total > MaxTotal) throw Failure($"the cost of {what} exceeds {MaxTotal}", location);
    }

    private static DiagnosticException Failure(string message, SourceLocation? location) =>
        new(CvmCodes.GasLimit, message, location, failure: FailureClass.Logic);
}
