using CortexMl.Engines.Cpu;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines;

/// <summary>A graph to run, and how. An engine takes what concerns it.</summary>
/// <param name="Name">What messages call the model.</param>
public sealed record EngineTask(Graph Graph, string Name)
{
    /// <summary>Slots that values share while both are needed; null where every value may have its own.</summary>
    public StoragePlan? SharedSlots { get; init; }

    /// <summary>Threads that share the work of a run.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Of the devices that the engine has: from 0.</summary>
    public int Device { get; init; }

    public InterpreterProfile Profile { get; init; } = InterpreterProfile.Definition;

    public CpuInstructions Instructions { get; init; } = CpuInstructions.Auto;

    /// <summary>Largest sum of the values' memory, refused before it is allocated.</summary>
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>For an engine that runs ONNX models: what writes the graph as one; null where nothing does.</summary>
    public IExactOnnx? Onnx { get; init; }

    /// <summary>Called with every value that the engine can show, while it runs; the tensor is only valid during the call.</summary>
    public Action<Value, Tensor<int>>? Observe { get; init; }

    /// <summary>
    /// Called after every fused group with the value that it made and the time it took, in ticks of <see
    /// cref="System.Diagnostics.Stopwatch"/>; see <see cref="EngineDescription.Timing"/>.
    /// </summary>
    public Action<Value, long>? Timed { get; init; }

    /// <summary>
    /// Ends a run with an <see cref="OperationCanceledException"/>: looked at by the cpu engine and the interpreter before each group of
    /// operations. Other engines finish the run. The executable can run again.
    /// </summary>
    public CancellationToken Cancellation { get; init; }
}
