using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>One piece of a plan. It reads and writes whole buffers.</summary>
internal abstract class Step
{
    public abstract IReadOnlyList<Storage> Reads { get; }

    public abstract IReadOnlyList<Storage> Writes { get; }

    /// <summary>The value that the step makes or moves, the first one where it makes several.</summary>
    public abstract Value Subject { get; }

    /// <summary>Copies of the values that the step computed; none for one that only moves data.</summary>
    public virtual IEnumerable<(Value Value, Tensor<int> Tensor)> Results() => [];

    /// <summary>Called once, when the buffers have their places.</summary>
    public virtual void Bind()
    {
    }

    public abstract void Run(Workers workers);

    /// <summary>A part of a range that is cut into as many as there are workers.</summary>
    protected static (int From, int To) Share(int count, int part, int parts) =>
        ((int)((long)count * part / parts), (int)((long)count * (part + 1) / parts));
}
