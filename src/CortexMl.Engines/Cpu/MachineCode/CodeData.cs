using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Result channels that a call computes.</summary>
/// <param name="Channel">The first of them.</param>
/// <param name="Data">Bytes from a pixel of the data to the first channel that they read.</param>
/// <param name="Weights">Byte offset of their weights.</param>
/// <param name="Step">Where their steps begin; 0 where there are none.</param>
/// <param name="Counts">How many steps are taken one, two, … at a time; those of most come first.</param>
internal sealed record CodeColumn(int Channel, int Data, int Weights, int Step, IReadOnlyList<int> Counts);

/// <summary>What a generated kernel reads of a layer.</summary>
internal sealed record CodeData
{
    /// <summary>Tiles of result pixels, or blocks of matrices.</summary>
    public required int Tiles { get; init; }

    public required IReadOnlyList<CodeColumn> Columns { get; init; }

    public required Pinned<byte> Weights { get; init; }

    /// <summary>Byte offsets of all columns' steps, one column after the other.</summary>
    public required Pinned<int> Steps { get; init; }

    /// <summary>Addends and factors, [column, row, channels of a column].</summary>
    public required Pinned<int> Tables { get; init; }

    /// <summary>Tables that entries are looked up in.</summary>
    public required Pinned<byte> Lookups { get; init; }

    /// <summary>
    /// Byte offset in the data for every result pixel, whole tiles, where runs have several pixels those of a tile's runs first and then
    /// anything; or for every tile or matrix, where its pixels are neighbours.
    /// </summary>
    public required Pinned<int> Pixels { get; init; }

    /// <summary>The same in the result.</summary>
    public required Pinned<int> Results { get; init; }

    /// <summary>Tensors that are added, in order, with the byte offset of every pixel in them.</summary>
    public IReadOnlyList<(PackedBuffer Other, Pinned<int> Pixels)> Others { get; init; } = [];

    /// <summary>
    /// For every entry of <see cref="Pixels"/> the byte offsets in <see cref="Steps"/> of its window's first step and of their end, those
    /// of a tile all alike; null where there are no windows.
    /// </summary>
    public Pinned<int>? Windows { get; init; }

    /// <summary>Which entries of <see cref="Results"/> a block has, and where their sums lie; null where there are no matrices.</summary>
    public MatrixEntries? Entries { get; init; }
}
