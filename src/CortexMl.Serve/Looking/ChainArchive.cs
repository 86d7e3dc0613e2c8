using System.Globalization;
using System.IO.Compression;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
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
    public static byte[] Of(Job job, PackageOptions options)
    {
        job.CheckDone();
        var (package, io) = Packer.Pack(job.Output, options);
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

    /// <summary>What the chain would refuse of it.</summary>
    /// <exception cref="DiagnosticException">As <see cref="Of"/>.</exception>
    public static IReadOnlyList<Told> Warnings(Job job, PackageOptions options)
    {
        job.CheckDone();
        return [.. Packer.Pack(job.Output, options).Package.Warnings.Select(Told.Of)];
    }

    /// <param name="author">Who is rewarded for calls: 0x and 40 digits; null or empty for nobody.</param>
    /// <param name="authorGas">The author's part of a call; null or empty for 0.</param>
    /// <param name="comment">Stored in the model's account.</param>
    /// <exception cref="DiagnosticException">CML1011 no address, CML1101 no gas.</exception>
    public static PackageOptions Asked(string? author, string? authorGas, string? comment) => new()
    {
        Author = string.IsNullOrWhiteSpace(author) ? new byte[ChainRules.AddressSize] : Address.Parse(author.Trim()),
        AuthorGas = string.IsNullOrWhiteSpace(authorGas) ? 0 : Gas(authorGas.Trim()), Comment = comment ?? "",
    };

    private static ulong Gas(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong gas) ? gas
        : throw new DiagnosticException(ServeCodes.Request, $"'{Printable.Name(text)}' is no gas", hint: "a whole number");
}
