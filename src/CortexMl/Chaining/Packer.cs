using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chain.Packaging;
using CortexMl.Chain.Torrent;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Reports;

namespace CortexMl.Chaining;

/// <summary>Makes of a compiled folder what goes to the chain.</summary>
public static class Packer
{
    public const string TorrentFile = "data.torrent";

    /// <exception cref="DiagnosticException">The folder holds no model that the runtime loads; CML1007.</exception>
    public static (ModelPackage Package, ModelIo? Io) Pack(string folder, PackageOptions options, ModelOptions? reading = null)
    {
        // Checked within; here only that both looks at the files see the same.
        return FolderManifest.Guard(folder, acceptsEdited: true, () =>
        {
            var model = ChainModel.Load(folder, reading);
            return (ModelPackage.Of(ChainModel.Cvm(model), Files(folder), options), model.Io);
        });
    }

    /// <summary>data/symbol, data/params, data.torrent and model.json, which keeps model.io.json as its member <c>io</c>.</summary>
    public static IReadOnlyList<OutputFile> Files(ModelPackage package, ModelIo? io)
    {
        var report = JsonNode.Parse(JsonText.Write(package.Report))!.AsObject();
        if (io is not null) report[PackageFolder.IoMember] = JsonNode.Parse(io.ToJson());
        return
        [
            OutputFile.Bytes($"{ModelPackage.DataFolder}/symbol", package.Files.Symbol),
            OutputFile.Bytes($"{ModelPackage.DataFolder}/params", package.Files.Params),
            OutputFile.Bytes(TorrentFile, package.Torrent.ToFile()), OutputFile.Text(PackageReport.FileName, JsonText.Write(report)),
        ];
    }

    /// <summary>The info hash that a folder's torrent has, or would have with the usual pieces.</summary>
    /// <exception cref="DiagnosticException">CML1005, CML1006: the torrent in the folder is broken.</exception>
    public static byte[] InfoHash(string folder)
    {
        string torrent = Path.Combine(folder, TorrentFile);
        if (File.Exists(torrent)) return TorrentReader.Read(InputFile.ReadAllBytes(torrent), TorrentFile).Hash;
        var files = Files(folder);
        return TorrentInfo.Of(
            ModelPackage.DataFolder, [("symbol", files.Symbol), ("params", files.Params)], Chain.ChainRules.DefaultPieceLength).Hash;
    }

    private static CvmFiles Files(string folder)
    {
        string data = PackageFolder.IsPackage(folder) ? PackageFolder.Data(folder) : folder;
        return new(InputFile.ReadAllBytes(Path.Combine(data, "symbol")), InputFile.ReadAllBytes(Path.Combine(data, "params")));
    }
}
