namespace CortexMl.Passes;

/// <summary>
/// What callers of a network rely on, and a pass leaves as it is unless its record says that it does not (<see cref="PassInfo.Alters"/>).
/// </summary>
[Flags]
public enum GraphContract
{
    None = 0,

    /// <summary>Number, order, names and shapes of the inputs.</summary>
    Inputs = 1,

    /// <summary>
    /// Number, order and shapes of the results. Their names stay always: the pass manager writes them down where values lose them.
    /// </summary>
    Results = 2,

    /// <summary>Precisions of inputs and results, below the float level.</summary>
    Precisions = 4,

    /// <summary>Scales of inputs and results, below the float level.</summary>
    Scales = 8,
}
