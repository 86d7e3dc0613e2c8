using CortexMl.Analysis;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Reports;

/// <summary>One finding of a check, as JSON.</summary>
public sealed record CheckFinding(string Code, string Severity, string Location, string Message, string Hint)
{
    public static CheckFinding Of(Diagnostic diagnostic) => new(
        diagnostic.Code, diagnostic.Severity.ToString().ToLowerInvariant(), diagnostic.Location?.ToString() ?? "",
        diagnostic.Message, diagnostic.Hint ?? "");
}

/// <summary>What <c>cortexml check --json</c> writes: the runtime's verdict about two files, and everything that was found.</summary>
/// <param name="Status">ok, logic or runtime: the class of the first failure.</param>
/// <param name="Stage">load, gas, infer or ok.</param>
/// <param name="Storage">Bytes.</param>
public sealed record CheckReport(
    string Status, string Stage, long? Gas, long? Storage, long? InputLength, long? OutputLength, int? InputTypeSize,
    int? OutputTypeSize, bool Portable,
    IReadOnlyList<CheckFinding> Findings)
{
    public static CheckReport Of(CvmCheckResult result) => new(
        Status: result.Status.ToString().ToLowerInvariant(), Stage: result.Stage.ToString().ToLowerInvariant(), Gas: result.Gas,
        Storage: result.StorageSize,
        InputLength: result.InputLength, OutputLength: result.OutputLength,
        InputTypeSize: result.InputTypeSize, OutputTypeSize: result.OutputTypeSize, Portable: result.IsPortable,
        Findings: [.. result.Findings.Select(CheckFinding.Of)]);
}

/// <summary>Checks CVM files as <c>cortexml check</c> does: the runtime's rules, and by interval analysis the portable ones.</summary>
public static class ModelCheck
{
    /// <exception cref="DiagnosticException">A file cannot be read.</exception>
    public static CvmCheckResult Run(string symbolPath, string paramsPath, bool acceptsEdited = false)
    {
        var options = new CvmLoadOptions { SymbolName = InputFile.DisplayName(symbolPath), ParamsName = InputFile.DisplayName(paramsPath) };
        return FolderManifest.Guard(symbolPath, acceptsEdited, () => FolderManifest.Guard(paramsPath, acceptsEdited,
            () => CvmCheck.Run(InputFile.ReadAllBytes(symbolPath), InputFile.ReadAllBytes(paramsPath), options, Divergences)));
    }

    /// <exception cref="DiagnosticException">The path is no folder, or a file in it cannot be read.</exception>
    public static CvmCheckResult RunFolder(string path, bool acceptsEdited = false) => File.Exists(path)
        ? throw new DiagnosticException(LibraryCodes.UnknownModel, $"'{path}' is a file; its params are missing",
            hint: "give a folder with symbol and params, or both files")
        : FolderManifest.Guard(path, acceptsEdited, () => Run(Path.Combine(path, "symbol"), Path.Combine(path, "params"), acceptsEdited));

    private static IEnumerable<Diagnostic> Divergences(CvmModel model) => PortableRules.Check(model.Graph).Select(d => new Diagnostic(
        LibraryCodes.Divergent, Severity.Warning, $"{d.Operation.Spec.CvmName}: {d.Reason}", d.Operation.Location,
        "the reference's devices may differ for such inputs"));
}
