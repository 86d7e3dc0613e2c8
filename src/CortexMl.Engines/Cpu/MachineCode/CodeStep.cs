using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What a generated kernel reads of a layer: of every column its weights, steps, addends and factors.</summary>
internal sealed record CodeData
{
    public required ColumnWeights Weights { get; init; }

    /// <summary>Bytes from a pixel to the first channel that a column reads.</summary>
    public required int[] Starts { get; init; }

    /// <summary>Byte offsets of all columns' steps, one column after the other.</summary>
    public required Pinned<int> Steps { get; init; }

    /// <summary>[column, row, channels of a column].</summary>
    public required Pinned<int> Tables { get; init; }

    /// <summary>Byte offset in the data for every result pixel; whole tiles.</summary>
    public required Pinned<int> Pixels { get; init; }

    /// <summary>Byte offset of every result pixel; whole tiles.</summary>
    public required Pinned<int> Results { get; init; }

    /// <summary>Tensors that are added, in order, with the byte offset of every pixel in them.</summary>
    public required IReadOnlyList<(PackedBuffer Other, Pinned<int> Pixels)> Others { get; init; }
}

/// <summary>A fused group that a generated kernel runs: every call computes a column of channels for consecutive tiles of pixels.</summary>
internal sealed unsafe class CodeStep(
    Value value, PackedBuffer data, PackedBuffer result, CodeForm form, GeneratedKernel kernel, CodeData parts) : Step
{
    /// <summary>Data of the pixels that all columns go over before the next ones: a part of the second cache.</summary>
    private const int ChunkBytes = 1 << 17;

    private readonly int[] _firstSteps = FirstSteps(parts.Weights);

    public CodeForm Form => form;

    /// <summary>All that the kernel reads beside its data.</summary>
    public CodeData Parts => parts;

    public override IReadOnlyList<Storage> Reads => [data, .. parts.Others.Select(other => other.Other)];

    public override IReadOnlyList<Storage> Writes => [result];

    public override Value Subject => value;

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() => [(value, Packing.Read(result, value.Type.Shape))];

    public override void Run(Workers workers)
    {
        result.ClearBorder();
        int tiles = (result.Layout.View.Pixels + form.Tile.Pixels - 1) / form.Tile.Pixels;
        int chunk = Chunk(tiles, workers.Parts), chunks = (tiles + chunk - 1) / chunk, columns = parts.Weights.Columns.Count;
        workers.Run(part =>
        {
            var (from, to) = Share(chunks * columns, part, workers.Parts);
            for (int unit = from; unit < to; unit++)
            {
                int first = unit / columns * chunk;
                Call(unit % columns, first, Math.Min(first + chunk, tiles));
            }
        });
    }

    /// <summary>Tiles of a chunk: few enough for the cache, and for every part to have some.</summary>
    private int Chunk(int tiles, int workerParts)
    {
        long bytesOfTile = Math.Max(1, data.Bytes * form.Tile.Pixels / result.Layout.View.Pixels);
        int cached = (int)Math.Max(1, ChunkBytes / bytesOfTile), wanted = Math.Max(1, workerParts / parts.Weights.Columns.Count);
        return Math.Clamp((tiles + wanted - 1) / wanted, 1, cached);
    }

    // Every call writes its own elements, computed from the operands alone: which thread does it makes no difference.
    private void Call(int column, int firstTile, int endTile)
    {
        var weights = parts.Weights.Columns[column];
        var arguments = new CodeArguments
        {
            Tile = (long)firstTile * form.Tile.Pixels,
            End = (long)endTile * form.Tile.Pixels,
            Data = data.Pointer + parts.Starts[column],
            Pixels = parts.Pixels.Pointer,
            Result = result.Pointer + (column * form.Channels * (int)form.Result),
            Results = parts.Results.Pointer,
            Weights = parts.Weights.Weights.Pointer + weights.Start,
            Steps = parts.Steps.Pointer + _firstSteps[column],
            Tables = (byte*)(parts.Tables.Pointer + (column * (parts.Tables.Count / _firstSteps.Length))),
            Constants = (byte*)kernel.Constants.Pointer,
        };
        int* end = arguments.Steps;
        for (int together = form.Merged; together >= 1; together--)
        {
            end += weights.Counts[together - 1];
            arguments.StepEnds[together - 1] = (long)end;
        }
        for (int i = 0; i < parts.Others.Count; i++)
        {
            var (other, pixels) = parts.Others[i];
            arguments.Others[i] = (long)(other.Pointer + (column * form.Channels * (int)other.Layout.Kind));
            arguments.OtherPixels[i] = (long)pixels.Pointer;
        }
        kernel.Run(&arguments);
    }

    private static int[] FirstSteps(ColumnWeights weights)
    {
        int[] first = new int[weights.Columns.Count];
        for (int c = 1; c < first.Length; c++) first[c] = first[c - 1] + weights.Columns[c - 1].Steps.Length;
        return first;
    }
}
