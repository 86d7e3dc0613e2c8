using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines;

/// <summary>
/// Something that runs integer graphs. All engines agree bit for bit on graphs inside the portable rules (CortexMl.Cvm/SPECIFICATION.md).
/// </summary>
public interface IEngine
{
    /// <summary>
    /// Makes a graph ready to run. May be called several times with one graph, whose constants are then shared and never written.
    /// </summary>
    /// <exception cref="Diagnostics.DiagnosticException">The engine cannot run this graph.</exception>
    IExecutable Prepare(Graph graph);
}

/// <summary>
/// A prepared graph with its own working memory. One thread at a time may call <see cref="Run"/>; prepare one per thread.
/// </summary>
public interface IExecutable : IDisposable
{
    /// <param name="inputs">
    /// One tensor per graph input, in order, with exactly its shape. The elements are taken as they are: no clamping to the precision.
    /// </param>
    /// <returns>One new tensor per graph output, in order.</returns>
    /// <exception cref="Diagnostics.DiagnosticException">The inputs do not fit, or the run failed.</exception>
    IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs);
}
