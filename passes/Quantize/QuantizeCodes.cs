namespace CortexMl.Passes.Quantize;

/// <summary>Codes of quantize and what follows it; see <see cref="Diagnostics.DiagnosticCodes"/> for the ranges.</summary>
internal static class QuantizeCodes
{
    public const string NotCalibrated = "CML0530";
    public const string Unsupported = "CML0531";
    public const string NoRequantization = "CML0532";
    public const string CoarseOutput = "CML0533";
    public const string CoarseRatio = "CML0534";
}
