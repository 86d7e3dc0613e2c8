using CortexMl.Analysis;
using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

/// <summary>Numbers of classes and rows among the outputs of a detection network: what stands for something is not rounded.</summary>
internal static class Detections
{
    /// <summary>Bits that an output may have.</summary>
    private const int MostBits = 30;

    /// <summary>Whether a value is whole numbers that a suppression chose or counted: it keeps scale 1.</summary>
    public static bool AreNumbers(Value value) =>
        ChosenRows.Holds(value) && new WholeNumbers().Holds(value) && Bits(value) <= MostBits;

    /// <summary>As many as numbers twice as large as were seen need.</summary>
    public static int Bits(Value value) => Precisions.Of((long)Math.Ceiling(2 * Math.Min(Demands.Threshold(value), int.MaxValue)));
}
