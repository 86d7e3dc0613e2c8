using CortexMl.Diagnostics;
using CortexMl.Engines.Float.Portable;
using CortexMl.Ir;
using CortexMl.Passes;

namespace CortexMl.Float;

/// <summary>
/// Runs float graphs with the same bits on every machine: <see cref="PortableKernels"/> where a row has one, else its definition in double.
/// Each value is rounded to a float once.
/// </summary>
/// <param name="threads">Threads within one operation, at least 1; they change no result.</param>
public sealed class PortableEvaluator(int threads) : IFloatEvaluator
{
    /// <summary>For calibration and reports.</summary>
    public static PortableEvaluator Calibration { get; } = new(Environment.ProcessorCount);

    /// <summary>Ends the runs of its sessions: looked at before each operation.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Whether products are machine code where that is allowed; without, they have the same bits.</summary>
    public bool GeneratesCode { get; init; } = true;

    /// <inheritdoc/>
    /// <remarks>A session shows constants first, then the inputs, then results in the graph's order, each as soon as it is known.</remarks>
    /// <exception cref="DiagnosticException">CML0753: thrown by the session, for inputs of another number or shape.</exception>
    public IFloatSession Prepare(Graph graph, IReadOnlyList<Value> observed) =>
        new PortableSession(graph, observed, new PortableKernels(threads, GeneratesCode), Cancellation);
}
