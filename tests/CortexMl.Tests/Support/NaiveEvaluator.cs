using CortexMl.Ir;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;

namespace CortexMl.Tests.Support;

/// <summary>
/// Runs a whole float graph with the folding kernels, in double throughout: the definition that rewrites are tested against.
/// </summary>
internal static class NaiveEvaluator
{
    /// <param name="inputs">One tensor per graph input, in order, with exactly its shape.</param>
    /// <returns>One tensor per graph output.</returns>
    public static IReadOnlyList<Tensor<double>> Run(Graph graph, IReadOnlyList<Tensor<double>> inputs)
    {
        var known = new Dictionary<Value, Tensor<double>>();
        for (int i = 0; i < graph.Inputs.Count; i++) known[graph.Inputs[i]] = inputs[i];
        foreach (var operation in graph.Operations)
        {
            known[operation.Result] = operation.Constant is { } constant
                ? constant.Tensor.ToDouble() : NaiveKernels.Evaluate(operation, [.. operation.Operands.Select(o => known[o])]);
        }
        return [.. graph.Outputs.Select(o => known[o])];
    }
}
