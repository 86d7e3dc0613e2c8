using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Convolutions and dense layers on bytes or shorts, by code generated for the layer.</summary>
/// <param name="store">Where kernels of equal form are kept.</param>
internal sealed class ProductCodeProvider(CodeStore store) : KernelProvider
{
    public override int Tile => 1;

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
        var (group, data, result) = (parts.Group, parts.Data.Layout, parts.Result.Layout);
        var set = parts.Instructions.Code()!.Value;
        int lane = sizeof(int) / (int)data.Kind;
        var tile = new TileChoice(set, data.Kind, result.View.Pixels, result.Blocks * PackedLayout.Block)
            .Best(channels => TapRuns.Lanes(data, group.Addresses, group.Grouping.By(channels).Span, lane));
        int channels = tile.Vectors * set.Vectors().Lanes, merged = RegisterPlan.MostMerged(set, data.Kind, tile);
        var runs = RunsOf(group, data, channels, lane);
        var weights = Pack(parts, new ColumnForm(
            PackedForm.Of(runs, group.Grouping.By(channels), group.Addresses, lane), merged > 1 ? data.Highest : 0, merged));
        var tables = StageTables.Of(
            parts.Stages, result.View.Channels, weights.Columns.Count, channels, (column, lane) => (column * channels) + lane);
        var form = new CodeForm
        {
            Set = set, Tile = tile, Data = data.Kind, Merged = merged, Stages = tables.Forms, Result = result.Kind,
            ResultOffset = result.Offset,
        }.Simplified();
        var kernel = store.Take(form);
        parts.Weights.Keep(() => store.Release(form));
        return new CodeStep(group.Result, parts.Data, parts.Result, form, kernel, new CodeData
        {
            Columns = [.. Columns(weights, group.Grouping.By(channels), (int)data.Kind)],
            Weights = weights.Weights,
            Steps = new Pinned<int>([.. weights.Columns.SelectMany(column => column.Steps).Select(step => OffsetOf(step, runs, lane))]),
            Tables = tables.Tables,
            Pixels = WholeTiles(runs.Pixels.Span, tile.Pixels),
            Results = WholeTiles(result.Pixels, tile.Pixels),
            Others = [.. parts.Stages.Select(stage => stage.Other).OfType<PackedBuffer>()
                .Select(other => (other, WholeTiles(other.Layout.Pixels, tile.Pixels)))],
        });
    }

    private static IEnumerable<CodeColumn> Columns(ColumnWeights weights, Grouping grouping, int elementBytes)
    {
        int step = 0, index = 0;
        foreach (var (column, start) in weights.Columns.Zip(grouping.Starts))
        {
            yield return new CodeColumn(index++ * grouping.Block, start * elementBytes, column.Start, step, column.Counts);
            step += column.Steps.Length;
        }
    }

    private static TapRuns RunsOf(Group group, PackedLayout data, int channels, int lane) =>
        TapRuns.Of(data, group.Addresses, group.Grouping.By(channels).Span, lane);

    private static int OffsetOf(int step, TapRuns runs, int lane)
    {
        int perRun = runs.Length / lane;
        return runs.Runs.Span[step / perRun] + (step % perRun * sizeof(int));
    }

    private static ColumnWeights Pack(KernelParts parts, ColumnForm form)
    {
        var constant = parts.Group.Head!.Operands[1].Constant!;
        return parts.Weights.Get(constant, form, () => ColumnWeights.Pack(constant, form));
    }

    /// <summary>The last pixel again, until the last tile is whole: it is computed and stored more than once.</summary>
    private static Pinned<int> WholeTiles(ReadOnlySpan<int> pixels, int tile)
    {
        var whole = new Pinned<int>((pixels.Length + tile - 1) / tile * tile);
        pixels.CopyTo(whole.Span);
        whole.Span[pixels.Length..].Fill(pixels[^1]);
        return whole;
    }
}
