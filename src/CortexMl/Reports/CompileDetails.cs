using CortexMl.Evaluating;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Reports;

/// <summary>What the page of a compilation shows of single operations, values and samples, beside the figures of the whole.</summary>
/// <param name="Operations">Those of the emitted graph, constants apart, in its order.</param>
/// <param name="Sums">Values that need more bits than all that they are computed from, in the graph's order.</param>
/// <param name="Distributions">Calibrated values, in the order of the network; empty where no data calibrated it.</param>
/// <param name="Differing">The first samples that float and integer model call differently; empty where none was tested.</param>
/// <param name="DifferingCount">How many they are altogether.</param>
public sealed record CompileDetails(
    IReadOnlyList<OperationCost> Operations, IReadOnlyList<SumRange> Sums, IReadOnlyList<Distribution> Distributions,
    IReadOnlyList<DifferingSample> Differing, int DifferingCount);

/// <summary>What one operation costs.</summary>
/// <param name="Value">Name of its first result in model.cml.</param>
/// <param name="Operator">Its row, without the family.</param>
/// <param name="Layer">The value of the network as it was loaded that it computes, or helps to compute.</param>
/// <param name="Gas">Of the operation, its results and the constants that no earlier one reads.</param>
/// <param name="Bytes">Of these constants, in params.</param>
public sealed record OperationCost(string Value, string Operator, string Layer, long Gas, long Bytes);

/// <summary>Proven and used range of one sum.</summary>
/// <param name="Precision">As declared, in bits.</param>
/// <param name="Low">Least integer that it can be, by proof.</param>
/// <param name="High">Greatest integer that it can be, by proof.</param>
public sealed record SumRange(string Value, string Operator, string Layer, int Precision, long Low, long High)
{
    /// <summary>Least integer on the samples of the noise report; null where there were none.</summary>
    public int? UsedLow { get; init; }

    /// <summary>Greatest integer on these samples; null where there were none.</summary>
    public int? UsedHigh { get; init; }
}
