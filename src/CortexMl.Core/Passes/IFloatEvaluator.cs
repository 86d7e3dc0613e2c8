using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Passes;

/// <summary>Runs graphs of the float level; the front door wires one in.</summary>
public interface IFloatEvaluator
{
    /// <param name="observed">Values whose elements each run returns, in this order; inputs, constants and results alike.</param>
    IFloatSession Prepare(Graph graph, IReadOnlyList<Value> observed);
}

public interface IFloatSession : IDisposable
{
    /// <param name="inputs">One tensor per graph input, in order, with exactly its shape.</param>
    /// <returns>One tensor per observed value.</returns>
    IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs);

    /// <summary>
    /// Shows the observed values one after the other, where a session can without copying them: those of a large network are a gigabyte.
    /// </summary>
    void Run(IReadOnlyList<Tensor<float>> inputs, FloatObserver observer)
    {
        foreach (var (index, value) in Run(inputs).Index()) observer(index, value.Data);
    }
}

/// <summary>Called with each observed value.</summary>
/// <param name="index">Its place in the list of observed values.</param>
/// <param name="elements">Valid during the call.</param>
public delegate void FloatObserver(int index, ReadOnlySpan<float> elements);
