namespace CortexMl.Chain.Packaging;

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
}
