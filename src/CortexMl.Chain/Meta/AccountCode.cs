using System.Numerics;

namespace CortexMl.Chain.Meta;

/// <summary>The "code" of an account that stands for a model or for input data (CortexMl.Chain/SPECIFICATION.md §2).</summary>
/// <param name="Comment">Any text.</param>
/// <param name="Hash">Info hash of the files, 20 bytes.</param>
/// <param name="RawSize">Size of the files in bytes.</param>
/// <param name="BlockNumber">0 when created.</param>
public abstract record AccountCode(string Comment, byte[] Hash, ulong RawSize, BigInteger BlockNumber);

/// <param name="InputShape">Without the batch dimension; compared element by element with that of input data.</param>
/// <param name="Gas">The author's part of a call, at most 20000.</param>
/// <param name="Author">20 bytes.</param>
public sealed record ModelAccount(
    string Comment, byte[] Hash, ulong RawSize, IReadOnlyList<ulong> InputShape, IReadOnlyList<ulong> OutputShape, ulong Gas,
    byte[] Author, BigInteger BlockNumber)
    : AccountCode(Comment, Hash, RawSize, BlockNumber);

/// <param name="Shape">Without the batch dimension.</param>
public sealed record InputAccount(string Comment, byte[] Hash, ulong RawSize, IReadOnlyList<ulong> Shape, BigInteger BlockNumber)
    : AccountCode(Comment, Hash, RawSize, BlockNumber);
