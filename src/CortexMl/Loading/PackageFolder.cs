using System.Text.Json;
using CortexMl.Chain.Packaging;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Loading;

/// <summary>
/// A folder that <c>cortexml chain pack</c> wrote: <c>data/symbol</c>, <c>data/params</c>, and <c>model.json</c> with what those cannot
/// say.
/// </summary>
internal static class PackageFolder
{
    /// <summary>The member of model.json that holds what <see cref="ModelIo"/> says.</summary>
    public const string IoMember = "io";

    public static string Data(string folder) => Path.Combine(folder, ModelPackage.DataFolder);

    public static bool IsPackage(string folder) => File.Exists(Path.Combine(Data(folder), "symbol"));

    /// <summary>Null where the package does not say.</summary>
    /// <exception cref="DiagnosticException">CML1030, CML0925, CML0807.</exception>
    public static ModelIo? ReadIo(string folder)
    {
        string path = Path.Combine(folder, PackageReport.FileName);
        if (!File.Exists(path)) return null;
        try
        {
            var root = JsonDocument.Parse(InputFile.ReadAllText(path)).RootElement;
            bool says = root.ValueKind == JsonValueKind.Object && root.TryGetProperty(IoMember, out var io)
                && io.ValueKind == JsonValueKind.Object;
            return says ? ModelIo.Parse(root.GetProperty(IoMember).GetRawText(), PackageReport.FileName) : null;
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(Chain.ChainCodes.PackageFile, $"the file cannot be read: {JsonProblem.Of(error)}",
                new(PackageReport.FileName), "pack the model again");
        }
    }
}
