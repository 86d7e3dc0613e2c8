namespace CortexMl.Cvm.Params;

/// <summary>A name and where its tensor lies; the header is well formed and the data are all there, nothing else is known.</summary>
internal sealed class ParamsEntry
{
    public required string Name { get; init; }

    /// <summary>Byte offset of the tensor's magic number.</summary>
    public required int Offset { get; init; }

    public required int DeviceType { get; init; }

    public required byte TypeCode { get; init; }

    public required byte Bits { get; init; }

    public required ushort Lanes { get; init; }

    public required long[] Dims { get; init; }

    /// <summary>Byte offset of the first element.</summary>
    public required int DataOffset { get; init; }
}
