using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Web;

/// <summary>ONNX Runtime for browsers, out of its npm package: a module, and what it runs as WebAssembly.</summary>
/// <param name="Version">Of the package; null where its files are left to be copied.</param>
/// <param name="Files">As they stand in the page's folder.</param>
public sealed record WebRuntime(string? Version, IReadOnlyList<OutputFile> Files)
{
    /// <summary>The npm package, and what it says it may be used under.</summary>
    public const string Package = "onnxruntime-web", License = "MIT";

    /// <summary>Where npm puts it, seen from the folder in which it was installed.</summary>
    public const string UsualPlace = $"node_modules/{Package}";

    /// <summary>The folder of the page that gets the files.</summary>
    internal const string Folder = "ort";

    /// <summary>Of the package's folder <c>dist</c>: the module with the WebAssembly backend alone, and the binary.</summary>
    internal const string ModuleSource = "ort.wasm.bundle.min.mjs", Binary = "ort-wasm-simd-threaded.wasm";

    /// <summary>The module in the page's folder: not every server of files knows that an mjs is a script.</summary>
    internal const string Module = "ort.wasm.bundle.min.js";

    /// <summary>For a page into whose folder somebody copies the files later.</summary>
    public static WebRuntime Later { get; } = new(null, [LicenseFile]);

    /// <param name="package">The package's folder.</param>
    /// <exception cref="DiagnosticException">CML0996: it is no folder of the package, or one without these files.</exception>
    public static WebRuntime Read(string package)
    {
        string version = VersionOf(package);
        return new(version,
            [Copied(package, ModuleSource, Module), Copied(package, Binary, Binary), LicenseFile]);
    }

    private static OutputFile LicenseFile => OutputFile.Text($"{Folder}/LICENSE.txt", WebTexts.RuntimeLicense);

    private static OutputFile Copied(string package, string source, string name)
    {
        string path = Path.Combine(package, "dist", source);
        return File.Exists(path) ? OutputFile.Bytes($"{Folder}/{name}", InputFile.ReadAllBytes(path))
            : throw Missing($"'{package}' has no dist/{source}");
    }

    private static string VersionOf(string package)
    {
        string path = Path.Combine(package, "package.json");
        if (!File.Exists(path)) throw Missing($"'{package}' is no folder of the npm package {Package}");
        try
        {
            using var json = JsonDocument.Parse(InputFile.ReadAllBytes(path));
            if (json.RootElement is { ValueKind: JsonValueKind.Object } root && Text(root, "name") == Package
                && Text(root, "version") is { } version)
                return version;
        }
        catch (JsonException)
        {
            // Said below.
        }
        throw Missing($"'{package}' is no folder of the npm package {Package}");
    }

    private static string? Text(JsonElement of, string member) =>
        of.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DiagnosticException Missing(string message) => new(LibraryCodes.WebRuntime, message,
        hint: $"npm install {Package}, then --ort {UsualPlace}; or --without-ort: README.txt in the page says how dist/{ModuleSource} and "
            + $"dist/{Binary} are copied later");
}
