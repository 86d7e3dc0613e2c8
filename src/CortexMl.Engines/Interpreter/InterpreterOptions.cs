using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Interpreter;

/// <summary>Which device's arithmetic where the CVM's devices disagree (CortexMl.Cvm/SPECIFICATION.md §11).</summary>
public enum InterpreterProfile
{
    /// <summary>The published mathematics, which is our semantics.</summary>
    Definition,

    /// <summary>The reference runtime's CPU device, quirks included.</summary>
    ReferenceCpu,
}

/// <summary>How the interpreter runs a graph.</summary>
public sealed record InterpreterOptions
{
    public InterpreterProfile Profile { get; init; } = InterpreterProfile.Definition;

    /// <summary>Fail a run in which results did not fit 32 bits, naming every operation where it happened and how often.</summary>
    public bool TrapOverflow { get; init; }

    /// <summary>
    /// Called with every graph input, then with every result as soon as it is computed; constants are left out. The tensor is only valid
    /// during the call.
    /// </summary>
    public Action<Value, Tensor<int>>? Observe { get; init; }

    /// <summary>Largest sum of the storage of all values, refused before anything is allocated.</summary>
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>Ends a run: looked at before each operation.</summary>
    public CancellationToken Cancellation { get; init; }
}
