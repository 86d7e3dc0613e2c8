using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>A group that multiplies nothing as kernels read it: spans of pixels, columns of their elements.</summary>
/// <param name="starts">Byte offset in the data of every result pixel, or of the first pixel of its window.</param>
/// <param name="shapes">Which window every result pixel has.</param>
internal sealed class SpanLayer(KernelParts parts, IReadOnlyList<int> starts, IReadOnlyList<int> shapes)
{
    /// <summary>Of a pixel of a tile.</summary>
    private const int MostVectors = 8;

    /// <summary>Registers beside the sums that bodies and stores need.</summary>
    private const int Others = 2;

    private readonly PixelSpans _spans = PixelSpans.Of(shapes, ChannelsOf(parts),
    [
        (starts, parts.Data.Layout.Kind), (parts.Result.Layout.Pixels, parts.Result.Layout.Kind),
        .. OthersOf(parts).Select(other => ((IReadOnlyList<int>)other.Layout.Pixels, other.Layout.Kind)),
    ]);

    /// <summary>Steps of the windows, and for every shape where those of one begin and end, in bytes.</summary>
    public (Pinned<int> Steps, IReadOnlyList<(int Begin, int End)> OfShapes)? Windows { get; init; }

    /// <summary>The tile for sums of 32 bits.</summary>
    public SpanTile Tile(VectorCodes codes) => _spans.Best(codes.Lanes, MostVectors, codes.Registers - Others)!.Value;

    /// <summary>The tile for elements as they lie in memory; null where they do not fill vectors.</summary>
    public SpanTile? NarrowTile(VectorCodes codes) => _spans.Best(codes.Bytes / (int)parts.Data.Layout.Kind, MostVectors, codes.Registers);

    /// <param name="form">All but the stages and the result.</param>
    /// <param name="isNarrow">Whether stages only clamp bytes, as the store does.</param>
    public CodeStep Step(CodeStore store, CodeForm form, SpanTile tile, bool isNarrow = false)
    {
        var result = parts.Result.Layout;
        int channels = ChannelsOf(parts), elements = form.Channels;
        int[] columns = [.. ColumnsOf(tile.Length * channels, elements)];
        var tables = StageTables.Of(parts.Stages, result.View.Channels, columns.Length, elements,
            (column, lane) => (columns[column] + lane) % channels);
        form = (form with { Stages = tables.Forms, Result = result.Kind, ResultOffset = result.Offset }).Simplified();
        if (isNarrow) form = form with { Stages = [] };
        var kernel = store.Take(form);
        parts.Weights.Keep(() => store.Release(form));
        int[] order = _spans.Tiled(tile);
        return new CodeStep(parts.Group.Result, parts.Data, parts.Result, form, kernel, new CodeData
        {
            Tiles = order.Length / tile.Shape.Pixels,
            Columns = [.. columns.Select(first => new CodeColumn(first, first * (int)form.Data, Weights: 0, Step: 0, []))],
            Weights = new Pinned<byte>(0),
            Steps = Windows?.Steps ?? new Pinned<int>(0),
            Tables = tables.Tables,
            Lookups = tables.Lookups,
            Pixels = new Pinned<int>([.. order.Select(pixel => starts[pixel])]),
            Results = new Pinned<int>([.. order.Select(pixel => result.Pixels[pixel])]),
            Others = [.. OthersOf(parts).Select(other => (other, new Pinned<int>([.. order.Select(pixel => other.Layout.Pixels[pixel])])))],
            Windows = Windows is { } windows
                ? new Pinned<int>([.. order.Select(pixel => windows.OfShapes[shapes[pixel]]).SelectMany(Ends)]) : null,
        });

        static int[] Ends((int Begin, int End) steps) => [steps.Begin, steps.End];
    }

    /// <summary>The first element of every column; the last one overlaps the one before it.</summary>
    private static IEnumerable<int> ColumnsOf(int elements, int together)
    {
        for (int first = 0; first < elements; first += together) yield return Math.Min(first, elements - together);
    }

    private static int ChannelsOf(KernelParts parts) => parts.Result.Layout.Blocks * PackedLayout.Block;

    private static IEnumerable<PackedBuffer> OthersOf(KernelParts parts) =>
        parts.Stages.Select(stage => stage.Other).OfType<PackedBuffer>();
}
