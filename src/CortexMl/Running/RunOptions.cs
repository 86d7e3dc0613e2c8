using CortexMl.Engines.Cpu;
using CortexMl.Engines.Interpreter;

namespace CortexMl.Running;

/// <summary>How a model runs.</summary>
public sealed record RunOptions
{
    /// <summary>One of <see cref="EngineChoice.Names"/>; float models always run on ONNX Runtime.</summary>
    public string Engine { get; init; } = EngineChoice.Auto;

    /// <summary>Of the devices that an engine of devices has: from 0.</summary>
    public int Device { get; init; }

    /// <summary>Threads in all; 0 for one per core. They run one sample each, or where there is a single sample share its work.</summary>
    public int Threads { get; init; }

    /// <summary>Threads that share the work of one sample.</summary>
    public int ThreadsPerSample { get; init; } = 1;

    /// <summary>The data already are the model's integers: checked against its precision and taken as they are.</summary>
    public bool Integer { get; init; }

    /// <summary>Scale of the input of a model that comes without model.io.json.</summary>
    public double? InputScale { get; init; }

    public InterpreterProfile Profile { get; init; } = InterpreterProfile.Definition;

    /// <summary>Of the CPU engine.</summary>
    public CpuInstructions Instructions { get; init; } = CpuInstructions.Auto;

    /// <summary>
    /// Ends runs with an <see cref="OperationCanceledException"/>: before the next sample, and on the cpu engine and the interpreter before
    /// the next group of operations. See <see cref="Batch"/>, <see cref="Evaluating.Evaluator"/>.
    /// </summary>
    public CancellationToken Cancellation { get; init; }

    public int Workers => Threads > 0 ? Threads : Environment.ProcessorCount;
}
