using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Convolutions and dense layers on bytes or shorts, by code generated for the layer.</summary>
/// <param name="store">Where kernels of equal form are kept.</param>
internal sealed class ProductCodeProvider(CodeStore store) : KernelProvider
{
    private const int MatrixLanes = 16;

    public override int Tile => 1;

    /// <summary>The block that every layer gets whose channels allow it, whatever it costs; null for what costs least.</summary>
    public MatrixBlock? Block { get; init; }

    public override bool Takes(KernelQuestion question) =>
        question.Instructions.Code() is { } set && question.Group is { IsProduct: true } group
        && group.Others.Count() <= CodeArguments.MostOthers && question.Kind switch
        {
            ElementKind.Byte => set.HasVnni() ? VnniQuadDot.IsExact(group, question.Highest) : QuadDot.IsExact(group, question.Highest),
            ElementKind.Short => PairDot.IsExact(group, question.Highest),
            _ => false,
        };

    public override Step Make(KernelParts parts)
    {
        var (data, set) = (parts.Data.Layout, parts.Instructions.Code()!.Value);
        int channels = parts.Result.Layout.Blocks * PackedLayout.Block;
        var layer = new ProductLayer(parts, lanes: 1);
        var runs = PixelRuns.Of(layer.Pixels().Span);
        var (tile, cost) = new TileChoice(set, data.Kind, runs, channels)
        {
            ResultBytes = (int)parts.Result.Layout.Kind, DataBytes = (int)(parts.Data.Bytes / runs.Pixels),
        }.Cheapest(layer.StepsOf);
        if (set.HasMatrices() && data.Kind == ElementKind.Byte)
        {
            var matrices = new ProductLayer(parts, MatrixLanes);
            if (MatrixPixels.Of(matrices.Pixels().Span) is { } pixels
                && new MatrixChoice(pixels, channels).Cheapest(matrices.StepsOf, Block) is { } block
                && (Block is not null || block.Cost < cost))
                return OfMatrices(parts, matrices, pixels, block.Stored, block.Matrices);
        }
        return OfTiles(parts, layer, runs, tile);
    }

    private CodeStep OfTiles(KernelParts parts, ProductLayer layer, PixelRuns runs, TileShape tile)
    {
        var (data, set) = (parts.Data.Layout, parts.Instructions.Code()!.Value);
        int channels = tile.Vectors * set.Vectors().Lanes, merged = RegisterPlan.MostMerged(set, data.Kind, tile);
        var weights = layer.Weights(channels, merged);
        var form = new CodeForm
        {
            Set = set, Tile = tile, Data = data.Kind, Merged = merged, Stages = [], Result = default, ResultOffset = 0,
            RunBytes = tile.Run > 1 ? runs.Distance : 0,
        };
        int[] order = runs.Tiled(tile);
        return Step(parts, layer, form, weights, new PixelPlaces(
            order.Length / tile.Pixels, StartsOfRuns(Ordered(order, layer.Pixels().Span), tile), offsets => Ordered(order, offsets)));
    }

    private CodeStep OfMatrices(KernelParts parts, ProductLayer layer, MatrixPixels pixels, TileShape stored, int matrices)
    {
        var set = parts.Instructions.Code()!.Value;
        int channels = stored.Vectors * set.Vectors().Lanes;
        var weights = layer.Weights(channels, merged: 1);
        var form = new CodeForm
        {
            Set = set, Tile = stored, Data = ElementKind.Byte, Merged = 1, Stages = [], Result = default, ResultOffset = 0,
            Matrix = new MatrixForm(pixels.Rows, matrices, pixels.PixelBytes),
        };
        var entries = MatrixEntries.Of(pixels, matrices, stored.Pixels, channels * sizeof(int));
        var starts = MatrixEntries.StartsOf(pixels, matrices);
        return Step(parts, layer, form, weights, new PixelPlaces(starts.Count / matrices, starts, entries.Of) { Entries = entries });
    }

    /// <param name="form">Without stages and result.</param>
    private CodeStep Step(KernelParts parts, ProductLayer layer, CodeForm form, ColumnWeights weights, PixelPlaces places)
    {
        var result = parts.Result.Layout;
        int channels = form.Channels;
        var tables = StageTables.Of(
            parts.Stages, result.View.Channels, weights.Columns.Count, channels, (column, lane) => (column * channels) + lane);
        form = (form with { Stages = tables.Forms, Result = result.Kind, ResultOffset = result.Offset }).Simplified();
        var kernel = store.Take(form);
        parts.Weights.Keep(() => store.Release(form));
        return new CodeStep(parts.Group.Result, parts.Data, parts.Result, form, kernel, new CodeData
        {
            Tiles = places.Tiles,
            Columns = [.. layer.Columns(weights, channels)],
            Weights = weights.Weights,
            Steps = layer.Steps(weights, channels),
            Tables = tables.Tables,
            Lookups = tables.Lookups,
            Pixels = places.Data,
            Results = places.Of(result.Pixels),
            Others = [.. parts.Stages.Select(stage => stage.Other).OfType<PackedBuffer>()
                .Select(other => (other, places.Of(other.Layout.Pixels)))],
            Entries = places.Entries,
        });
    }

    private static Pinned<int> Ordered(int[] order, ReadOnlySpan<int> offsets)
    {
        var ordered = new Pinned<int>(order.Length);
        for (int i = 0; i < order.Length; i++) ordered.Span[i] = offsets[order[i]];
        return ordered;
    }

    /// <summary>Of every tile's pixels the first of each run moves to the front; what is behind them nobody reads.</summary>
    private static Pinned<int> StartsOfRuns(Pinned<int> pixels, TileShape tile)
    {
        for (int i = 0; i < pixels.Count; i += tile.Pixels)
            for (int run = 1; run < tile.Runs; run++) pixels.Span[i + run] = pixels.Span[i + (run * tile.Run)];
        return pixels;
    }

    private delegate Pinned<int> OfPixels(ReadOnlySpan<int> offsets);

    /// <summary>Where the pixels of tiles, or of blocks of matrices, lie.</summary>
    /// <param name="Data">Byte offset in the data, as <see cref="CodeData.Pixels"/> has it.</param>
    /// <param name="Of">Byte offsets of result pixels as <see cref="CodeData.Results"/> has them.</param>
    private sealed record PixelPlaces(int Tiles, Pinned<int> Data, OfPixels Of)
    {
        public MatrixEntries? Entries { get; init; }
    }
}
