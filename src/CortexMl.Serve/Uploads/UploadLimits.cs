using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Serve.Uploads;

/// <summary>How much the files of a job may be. Counted is what arrives, never what a header promises.</summary>
/// <param name="Bytes">Of all files, unpacked.</param>
internal sealed record UploadLimits(long Bytes)
{
    /// <summary>Files and folders of a job.</summary>
    public const int Entries = 20_000;

    /// <summary>What an archive may unpack to: so many times its own size, where that is more than <see cref="FreeBytes"/>.</summary>
    public const int Ratio = 100;

    /// <summary>An archive may unpack to so much whatever its size.</summary>
    public const long FreeBytes = 16L << 20;

    public DiagnosticException TooManyBytes() => Exceeded(
        $"the files of a job take more than {Counted.Grouped(Bytes, "byte")}", "leave files out, or start with a larger --max-upload");

    public static DiagnosticException TooManyEntries() => Exceeded(
        $"the job holds more than {Counted.Grouped(Entries, "file")} and folders", "a few hundred samples are enough");

    public static DiagnosticException TooDense() => Exceeded(
        string.Create(CultureInfo.InvariantCulture, $"the archive unpacks to more than {Ratio} times its size"),
        "upload the files themselves, or an archive of fewer");

    private static DiagnosticException Exceeded(string message, string hint) => new(ServeCodes.UploadLimit, message, hint: hint);
}
