using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;

namespace CortexMl.Cvm;

/// <summary>
/// What the runtime would say of two files, and everything that is known without running them. Sizes are null where the files are
/// refused.
/// </summary>
/// <param name="Status">Class of the first failure in the order of CortexMl.Cvm/SPECIFICATION.md §6; Ok where there is none.</param>
/// <param name="Stage">Where that failure occurs: at load, when the gas is asked for, or at every inference.</param>
/// <param name="Gas">Null also where the gas query fails.</param>
/// <param name="StorageSize">Bytes.</param>
/// <param name="InputLength">Bytes.</param>
/// <param name="OutputLength">Bytes.</param>
/// <param name="IsPortable">Accepted, and nothing was found that the runtime's back ends may treat differently.</param>
public sealed record CvmCheckResult(
    CvmStatus Status, CvmStage Stage, long? Gas, long? StorageSize, long? InputLength, long? OutputLength,
    int? InputTypeSize, int? OutputTypeSize,
    bool IsPortable, IReadOnlyList<Diagnostic> Findings, CvmModel? Model);

/// <summary>Checks CVM files without running them and without reserving their storage.</summary>
public static class CvmCheck
{
    /// <summary>
    /// A further look at a model that loads, such as interval analysis; warnings among its findings make the model not portable.
    /// </summary>
    public delegate IEnumerable<Diagnostic> Analysis(CvmModel model);

    public static CvmCheckResult Run(ReadOnlyMemory<byte> symbol, ReadOnlyMemory<byte> parameters, CvmLoadOptions? options = null,
        params IReadOnlyList<Analysis> analyses)
    {
        var loaded = CvmReader.Read(symbol, parameters, options);
        return loaded.Model is { } model
            ? Examine(model, analyses)
            : new CvmCheckResult(Status: loaded.Status, Stage: loaded.Stage, Gas: null, StorageSize: null, InputLength: null,
                OutputLength: null, InputTypeSize: null, OutputTypeSize: null, IsPortable: false, Findings: loaded.Findings,
                Model: null);
    }

    private static CvmCheckResult Examine(CvmModel model, IReadOnlyList<Analysis> analyses)
    {
        var findings = new List<Diagnostic>();
        long? gas = Gas(model, findings);
        findings.AddRange(new[] { InputConversion.Problem(model), OutputConversion.Problem(model) }.OfType<Diagnostic>());
        var first = findings.FirstOrDefault();
        findings.AddRange(PortableFiles.Check(model));
        findings.AddRange(analyses.SelectMany(analysis => analysis(model)));
        return new CvmCheckResult(
            Status: first?.Class switch
            {
                FailureClass.Logic => CvmStatus.Logic,
                FailureClass.Runtime => CvmStatus.Runtime,
                _ => CvmStatus.Ok,
            },
            Stage: first is null ? CvmStage.Ok : gas is null ? CvmStage.Gas : CvmStage.Infer,
            Gas: gas, StorageSize: model.StorageSize, InputLength: model.InputLength, OutputLength: model.OutputLength,
            InputTypeSize: model.InputTypeSize, OutputTypeSize: model.OutputTypeSize,
            IsPortable: findings.TrueForAll(f => f.Severity == Severity.Note), Findings: findings, Model: model);
    }

    private static long? Gas(CvmModel model, List<Diagnostic> findings)
    {
        try
        {
            return model.Gas();
        }
        catch (DiagnosticException error)
        {
            findings.AddRange(error.Diagnostics);
            return null;
        }
    }
}
