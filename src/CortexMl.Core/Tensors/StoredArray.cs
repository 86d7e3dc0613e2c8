namespace CortexMl.Tensors;

/// <summary>Where an array lies in a file, row-major.</summary>
/// <param name="Type">Of its elements.</param>
/// <param name="Shape">More elements than a tensor holds are allowed: nobody reads all at once.</param>
/// <param name="Offset">Byte offset of the first element.</param>
/// <param name="BigEndian">Byte order of elements of several bytes.</param>
public sealed record StoredArray(DType Type, Shape Shape, long Offset, bool BigEndian)
{
    /// <summary>Elements that an array may have, so that no offset wraps.</summary>
    internal const double Most = 1L << 56;
}
