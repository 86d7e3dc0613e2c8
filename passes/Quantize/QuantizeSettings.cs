namespace CortexMl.Passes.Quantize;

/// <summary>The options of quantize, read once.</summary>
internal sealed record QuantizeSettings(bool PerChannel, int InputPrecision, int OutputPrecision, int TablePrecision, double SoftmaxRange);

/// <summary>The precisions of passes/Quantize/README.md §6.</summary>
internal static class DemandPrecision
{
    /// <summary>What convolution and dense read; the runtime's own limit.</summary>
    public const int Data = 8;

    /// <summary>Operands of add, sub, max, concat and products.</summary>
    public const int Wide = 16;

    /// <summary>Largest magnitude of a weight: α(8).</summary>
    public const int WeightBound = 127;
}
