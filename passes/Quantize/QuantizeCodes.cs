namespace CortexMl.Passes.Quantize;

/// <summary>Codes of quantize and what follows it; see <see cref="Diagnostics.DiagnosticCodes"/> for the ranges.</summary>
internal static class QuantizeCodes
{
    public const string NotCalibrated = "CML0530";
    public const string Unsupported = "CML0531";
    public const string NoRequantization = "CML0532";
    public const string CoarseOutput = "CML0533";
    public const string CoarseRatio = "CML0534";

    /// <summary>Warning: an output joins values of so different ranges that the smaller ones have few steps.</summary>
    public const string JoinedRanges = "CML0535";

    /// <summary>Note: what a network does to an input first is done before the input becomes integers.</summary>
    public const string InputLifted = "CML0536";

    /// <summary>Layers that see 15 bits, and what they buy (a note).</summary>
    public const string WideLayers = "CML0537";

    /// <summary>Note: a calibration file knows layers' data, but of layers that were others.</summary>
    public const string NotMeasured = "CML0538";

    /// <summary>Note: a calibration file knows how weights were rounded, but of integers that were others.</summary>
    public const string NotRounded = "CML0539";

    /// <summary>Warning: the CVM compares overlaps in whole percent, and a threshold is none.</summary>
    public const string WholePercent = "CML0529";
}
