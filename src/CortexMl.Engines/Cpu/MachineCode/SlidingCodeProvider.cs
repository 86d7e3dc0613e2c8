using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Ops;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Depthwise convolutions on bytes with as many channels as a vector of bytes, by code generated for the layer.</summary>
/// <param name="store">Where kernels of equal form are kept.</param>
internal sealed class SlidingCodeProvider(CodeStore store) : KernelProvider
{
    /// <summary>Of a kernel that is unrolled, per side.</summary>
    private const int MostTaps = 8;

    private const int LaneChannels = 16, HalfChannels = 8;

    public override int Tile => 1;

    public override bool Takes(KernelQuestion question) =>
        question is { Kind: ElementKind.Byte, Group: { IsDepthwise: true } group } && !group.Others.Any()
        && group.Addresses.Window is { Rows.Kernel: <= MostTaps, Columns.Kernel: <= MostTaps } && SetOf(question) is not null;

    public override Step Make(KernelParts parts)
    {
        var (group, data, result) = (parts.Group, parts.Data.Layout, parts.Result.Layout);
        var set = SetOf(new KernelQuestion(group, data.Kind, data.Highest, parts.Instructions))!.Value;
        var window = group.Addresses.Window;
        int[] channels = [.. ColumnsOf(result.Blocks * PackedLayout.Block, set.Vectors().Bytes)];
        int lanes = set.Vectors().Lanes * SlidingBody.Halves;
        var tables = StageTables.Of(parts.Stages, result.View.Channels, channels.Length, lanes,
            (column, lane) => channels[column] + ChannelOf(lane, lanes));
        var sliding = new SlidingForm(Rows: (int)window.Rows.Kernel, Columns: (int)window.Columns.Kernel,
            RowBytes: (int)window.Rows.Dilation * data.RowBytes, Dilation: (int)window.Columns.Dilation,
            Stride: (int)window.Columns.Stride, PixelBytes: data.PixelBytes, ResultPixelBytes: result.PixelBytes);
        int pixels = BestTile(sliding, result.View.Width, SlidingRegisters.MostPixels(set));
        var form = new CodeForm
        {
            Set = set, Tile = new TileShape(pixels, SlidingBody.Halves), Data = data.Kind, Merged = 1, Stages = tables.Forms,
            Result = result.Kind, ResultOffset = result.Offset, Sliding = sliding,
        }.Simplified();
        var kernel = store.Take(form);
        parts.Weights.Keep(() => store.Release(form));
        var weights = Pack(group, channels, sliding, lanes);
        int[] tiles = [.. TilesOf(result.View, pixels)];
        int[] starts = group.Addresses.Starts(data).Span.ToArray();
        return new CodeStep(group.Result, parts.Data, parts.Result, form, kernel, new CodeData
        {
            Tiles = tiles.Length,
            Columns = [.. channels.Select((channel, i) => new CodeColumn(channel, channel, i * (weights.Count / channels.Length), 0, []))],
            Weights = weights,
            Steps = new Pinned<int>(0),
            Tables = tables.Tables,
            Lookups = tables.Lookups,
            Pixels = new Pinned<int>([.. tiles.Select(pixel => starts[pixel])]),
            Results = new Pinned<int>([.. tiles.Select(pixel => result.Pixels[pixel])]),
        });
    }

    /// <summary>The widest instructions whose vectors the channels fill and whose products are exact; null where there are none.</summary>
    private static CodeSet? SetOf(KernelQuestion question)
    {
        if (question.Instructions.Code() is not { } own) return null;
        var group = question.Group;
        int channels = (group.View.Channels + PackedLayout.Block - 1) / PackedLayout.Block * PackedLayout.Block;
        foreach (var set in own.Vectors() == VectorCodes.Zmm ? new[] { own, CodeSet.Avx2 } : [own])
        {
            bool isExact = set.HasVnni() ? VnniQuadDot.IsExact(group, question.Highest) : QuadDot.IsExact(group, question.Highest);
            if (isExact && channels >= set.Vectors().Bytes) return set;
        }
        return null;
    }

    /// <summary>
    /// The first channel of every column: of as many channels as a vector has bytes, eight of each 16; the last ones overlap.
    /// </summary>
    private static IEnumerable<int> ColumnsOf(int channels, int together)
    {
        for (int first = 0; first < channels; first += together)
        {
            yield return Math.Min(first, channels - together);
            yield return Math.Min(first, channels - together) + HalfChannels;
        }
    }

    /// <summary>Channels behind a column's first one, by vector and lane.</summary>
    private static int ChannelOf(int lane, int lanes)
    {
        int vector = lane / (lanes / SlidingBody.Halves), at = lane % (lanes / SlidingBody.Halves);
        return (at / 4 * LaneChannels) + (vector * 4) + (at % 4);
    }

    /// <summary>The first pixel of every tile; the last tile of a row overlaps the one before it.</summary>
    private static IEnumerable<int> TilesOf(View view, int pixels)
    {
        for (int row = 0; row < view.Rows; row++)
        {
            for (int column = 0; column < view.Width; column += pixels)
                yield return (row * view.Width) + Math.Min(column, view.Width - pixels);
        }
    }

    /// <summary>The pixels of a tile that cost a row least, by columns to interleave and products.</summary>
    private static int BestTile(SlidingForm form, int width, int most) => Enumerable.Range(1, Math.Min(most, width)).MinBy(pixels =>
    {
        const int Interleaving = 6, Multiplying = 4, Beginning = 10;
        int columns = ((pixels - 1) * form.Stride) + ((form.Columns - 1) * form.Dilation) + 1;
        int cost = Beginning + (form.Rows * ((Interleaving * columns) + (Multiplying * pixels * form.Columns)));
        return (width + pixels - 1) / pixels * cost;
    });

    /// <summary>[column, row / 4, kernel column, vector, lane, 4].</summary>
    private static Pinned<byte> Pack(Group group, int[] channels, SlidingForm form, int lanes)
    {
        var weights = group.Head!.Operands[1].Constant!.Integers;
        int groups = (form.Rows + SlidingBody.RowsOfLane - 1) / SlidingBody.RowsOfLane, taps = form.Rows * form.Columns;
        var packed = new Pinned<byte>(channels.Length * groups * form.Columns * lanes * SlidingBody.RowsOfLane);
        int at = 0;
        foreach (int first in channels)
        {
            for (int i = 0; i < groups * form.Columns * lanes * SlidingBody.RowsOfLane; i++, at++)
            {
                int row = i % SlidingBody.RowsOfLane, lane = i / SlidingBody.RowsOfLane % lanes,
                    column = i / SlidingBody.RowsOfLane / lanes % form.Columns;
                row += i / SlidingBody.RowsOfLane / lanes / form.Columns * SlidingBody.RowsOfLane;
                int channel = first + ChannelOf(lane, lanes);
                if (row < form.Rows && channel < group.View.Channels)
                    packed.Span[at] = (byte)weights[(channel * taps) + (row * form.Columns) + column];
            }
        }
        return packed;
    }
}
