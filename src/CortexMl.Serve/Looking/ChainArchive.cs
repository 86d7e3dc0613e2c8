using System.IO.Compression;
using CortexMl.Chain.Packaging;
using CortexMl.Chaining;
using CortexMl.Diagnostics;
using CortexMl.Serve.Jobs;

namespace CortexMl.Serve.Looking;

/// <summary>What <c>cortexml chain pack</c> writes, as one file: the same model gives the same bytes.</summary>
internal static class ChainArchive
{
    private static readonly DateTimeOffset s_epoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <exception cref="DiagnosticException">CML1106 no result; what packing finds.</exception>
    public static byte[] Of(Job job)
    {
        job.CheckDone();
        var (package, io) = Packer.Pack(job.Output, new PackageOptions());
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var file in Packer.Files(package, io))
            {
                var entry = archive.CreateEntry(file.Name, CompressionLevel.Optimal);
                entry.LastWriteTime = s_epoch;
                using var stream = entry.Open();
                file.Write(stream);
            }
        }
        return bytes.ToArray();
    }
}
