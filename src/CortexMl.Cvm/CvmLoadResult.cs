using CortexMl.Diagnostics;

namespace CortexMl.Cvm;

/// <summary>The runtime's answer (CortexMl.Cvm/SPECIFICATION.md §2): 0, 1 or 2.</summary>
public enum CvmStatus { Ok, Logic, Runtime }

/// <summary>Where the runtime says no.</summary>
public enum CvmStage { Load, Gas, Infer, Ok }

/// <summary>What reading symbol and params gave.</summary>
/// <param name="Model">Null where the runtime refuses to load the files.</param>
/// <param name="Findings">Everything found, the runtime's first failure first.</param>
public sealed record CvmLoadResult(CvmModel? Model, IReadOnlyList<Diagnostic> Findings, CvmStatus Status, CvmStage Stage)
{
    /// <exception cref="DiagnosticException">The files were refused; it carries every finding.</exception>
    public CvmModel ModelOrThrow() => Model ?? throw new DiagnosticException(Findings);
}

/// <summary>How files are read.</summary>
public sealed record CvmLoadOptions
{
    /// <summary>Largest sum of the parameters' elements in memory, 4 bytes each.</summary>
    public long MaxMemory { get; init; } = 8L << 30;

    /// <summary>Names by which diagnostics speak of the two files.</summary>
    public string SymbolName { get; init; } = "symbol";

    public string ParamsName { get; init; } = "params";
}
