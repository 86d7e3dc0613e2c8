using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Cvm;

/// <summary>
/// Which values share memory inside the runtime (CortexMl.Cvm/SPECIFICATION.md §7). A slot is as large as the largest entry in it;
/// entries start at its beginning.
/// </summary>
/// <param name="Slots">A slot for every graph input, constant and result, numbered without gaps.</param>
/// <param name="Sizes">Elements of each slot.</param>
/// <param name="IsAliased">
/// A value may be overwritten before its last use, by another parameter, by an operation, or in a later inference. Such a model runs as
/// meant only on memory that is laid out by this plan and kept between inferences.
/// </param>
public sealed record CvmStorage(IReadOnlyDictionary<Value, int> Slots, IReadOnlyList<long> Sizes, bool IsAliased)
{
    /// <summary>Bytes per element of every tensor inside the runtime.</summary>
    private const int ElementSize = 4;

    /// <summary>Total bytes, the runtime's <c>GetStorageSize</c>.</summary>
    public long Bytes => Sizes.Sum() * ElementSize;

    /// <summary>Total bytes of a plan as the file gives it, per entry.</summary>
    internal static long BytesOf(IReadOnlyList<int> ids, IReadOnlyList<Shape> shapes)
    {
        var sizes = new Dictionary<int, long>();
        for (int entry = 0; entry < ids.Count; entry++)
            sizes[ids[entry]] = Math.Max(sizes.GetValueOrDefault(ids[entry]), shapes[entry].Count);
        return sizes.Values.Sum() * ElementSize;
    }
}
