using System.Text.Json.Serialization;
using CortexMl.Chain.Meta;
using CortexMl.Chain.Torrent;
using CortexMl.Chain.Words;
using CortexMl.Cvm;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Packaging;

/// <summary>How a model is packed.</summary>
public sealed record PackageOptions
{
    public int PieceLength { get; init; } = ChainRules.DefaultPieceLength;

    public string Comment { get; init; } = "";

    /// <summary>20 bytes.</summary>
    public byte[] Author { get; init; } = new byte[ChainRules.AddressSize];

    /// <summary>What the author takes for a call.</summary>
    public ulong AuthorGas { get; init; }
}

/// <summary>A model as it goes to the chain: the torrent, the account, the figures.</summary>
public sealed record ModelPackage(
    CvmFiles Files, TorrentInfo Torrent, ModelAccount Account, PackageReport Report, IReadOnlyList<Diagnostic> Warnings)
{
    /// <summary>The folder of the files, which is also the torrent's name.</summary>
    public const string DataFolder = "data";

    /// <exception cref="DiagnosticException">CML1007.</exception>
    public static ModelPackage Of(CvmModel model, CvmFiles files, PackageOptions options)
    {
        var torrent = TorrentInfo.Of(DataFolder, [("symbol", files.Symbol), ("params", files.Params)], options.PieceLength);
        var warnings = new DiagnosticBag();
        long? gas = Limits.Gas(model, warnings);
        Limits.CheckCalls(model, warnings);
        Limits.Check(torrent.RawSize, options.AuthorGas, warnings);
        var (input, output) = (ChainShape.Input(model), ChainShape.Output(model));
        var account = new ModelAccount(
            Comment: options.Comment, Hash: torrent.Hash, RawSize: (ulong)torrent.RawSize, InputShape: [.. input.Select(d => (ulong)d)],
            OutputShape: [.. output.Select(d => (ulong)d)],
            Gas: options.AuthorGas, Author: options.Author, BlockNumber: 0);
        long transactions = ChainRules.UploadTransactions(torrent.RawSize);
        var report = new PackageReport(
            InfoHash: Convert.ToHexStringLower(torrent.Hash), RawSize: torrent.RawSize, PieceLength: options.PieceLength,
            Pieces: torrent.PieceCount, InputShape: [.. input],
            InputTypeSize: model.InputTypeSize, InputWords: InputWords.Count(model),
            OutputShape: [.. output], OutputTypeSize: model.OutputTypeSize, OutputWords: OutputWords.Count(model), Gas: gas,
            Storage: model.StorageSize, UploadTransactions: transactions,
            UploadGas: transactions * ChainRules.UploadStepGas,
            InferGas: gas is { } g ? ChainRules.InferGas(g) : null, InferArrayGas: gas is { } h ? ChainRules.InferArrayGas(h) : null,
            AuthorGas: options.AuthorGas, AccountCode: Hex.Of(AccountCodec.Encode(account)),
            Warnings: [.. warnings.Items.Select(w => w.Message)]);
        return new(files, torrent, account, report, warnings.Items);
    }
}

/// <summary>The facts about a packed model, free of times and paths: model.json.</summary>
/// <param name="InfoHash">Identity of the files on the chain, 20 bytes.</param>
/// <param name="RawSize">Bytes of symbol and params together.</param>
/// <param name="InputShape">Without the batch dimension, as the upload form wants it.</param>
/// <param name="InputTypeSize">Bytes of an input element: 1 (int8) or 4 (int32, big-endian).</param>
/// <param name="InputWords">Words of a contract's storage that hold the input.</param>
/// <param name="OutputWords">Words of a contract's output array.</param>
/// <param name="Gas">Operations of the model as the runtime counts them; null where it cannot.</param>
/// <param name="UploadGas">Intrinsic gas of all upload transactions; their call data costs extra.</param>
/// <param name="InferGas">Of a call with an input account; expansion of memory costs extra.</param>
/// <param name="InferArrayGas">Of a call with an array; expansion of memory costs extra.</param>
/// <param name="AuthorGas">The author's part.</param>
/// <param name="AccountCode">Code of the model's account, with an author of zeros where none was given.</param>
public sealed record PackageReport(
    string InfoHash, long RawSize, int PieceLength, int Pieces, IReadOnlyList<int> InputShape, int InputTypeSize, long InputWords,
    IReadOnlyList<int> OutputShape, int OutputTypeSize, long OutputWords, long? Gas, long Storage, long UploadTransactions, long UploadGas,
    long? InferGas, long? InferArrayGas,
    ulong AuthorGas, string AccountCode, IReadOnlyList<string> Warnings)
{
    public const string FileName = "model.json";

    /// <summary>The version of the form.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; } = 1;
}
