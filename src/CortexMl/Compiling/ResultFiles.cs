using CortexMl.Files;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Passes.Target;

namespace CortexMl.Compiling;

/// <summary>Files of a result that hold what passes found out; nothing where they did not run.</summary>
internal static class ResultFiles
{
    /// <summary>The files that people may edit and give back: thresholds and the scheme.</summary>
    public static IEnumerable<OutputFile> Decisions(string? calibration, PassServices services)
    {
        if (calibration is not null) yield return OutputFile.Text(Compiler.CalibrationName, calibration) with { IsEditable = true };
        if (services.Results.Get<SchemeFile>() is { } file)
            yield return OutputFile.Text(SchemeFile.FileName, file.Write()) with { IsEditable = true };
    }

    public static IEnumerable<OutputFile> Bounds(PassServices services) =>
        services.Results.Get<BoundProof>() is { } proof ? [OutputFile.Text(Compiler.BoundsName, proof.ToJson())] : [];
}
