using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>A fused group that a generated kernel runs: every call computes a column of channels for consecutive tiles of pixels.</summary>
internal sealed unsafe class CodeStep(
    Value value, PackedBuffer data, PackedBuffer result, CodeForm form, GeneratedKernel kernel, CodeData parts) : Step
{
    /// <summary>Data of the pixels that all columns go over before the next ones: a part of the second cache.</summary>
    private const int ChunkBytes = 1 << 17;

    /// <summary>Of every column, but for the tiles; made when the buffers have their places.</summary>
    private readonly Pinned<CodeArguments> _calls = new(parts.Columns.Count);

    /// <summary>Steps of every column.</summary>
    private readonly int[] _steps = [.. parts.Columns.Select(column => column.Counts.Sum())];

    public CodeForm Form => form;

    /// <summary>All that the kernel reads beside its data.</summary>
    public CodeData Parts => parts;

    public override IReadOnlyList<Storage> Reads => [data, .. parts.Others.Select(other => other.Other)];

    public override IReadOnlyList<Storage> Writes => [result];

    public override Value Subject => value;

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() => [(value, Packing.Read(result, value.Type.Shape))];

    // Every call writes its own elements, computed from the operands alone: which thread does it makes no difference.
    public override void Run(Workers workers)
    {
        result.ClearBorder();
        int tiles = parts.Tiles, columns = parts.Columns.Count;
        int chunk = Chunk(tiles, workers.Parts), chunks = (tiles + chunk - 1) / chunk;
        workers.Run(part =>
        {
            var memory = CallMemory.OfThread;
            if (form.Matrix is not null) SignalStack.Enlarge();
            var (from, to) = Share(chunks * columns, part, workers.Parts);
            for (int first = from; first < to; first += CallMemory.MostCalls)
            {
                int count = Math.Min(CallMemory.MostCalls, to - first);
                for (int i = 0; i < count; i++)
                {
                    int column = (first + i) % columns, tile = (first + i) / columns * chunk, end = Math.Min(tile + chunk, tiles);
                    ref var call = ref memory.Arguments.Span[i];
                    call = _calls.Span[column];
                    (call.Tile, call.End) = ((long)tile * form.TileStep, (long)end * form.TileStep);
                    call.Scratch = memory.Scratch.Pointer;
                    call.More = i + 1 < count ? 1 : 0;
                    if (form.FetchesAhead) call.AheadStep = Ahead(column, end - tile);
                }
                kernel.Run(memory.Arguments.Pointer);
            }
        });
    }

    public override void Bind()
    {
        for (int column = 0; column < parts.Columns.Count; column++) _calls.Span[column] = Call(column);
    }

    /// <summary>
    /// Bytes of the next column's weights that are fetched with every step: so many that they are there when the last tile is done.
    /// </summary>
    private long Ahead(int column, int tiles)
    {
        long steps = Math.Max(1, _steps[column]) * (long)tiles, next = _steps[(column + 1) % _steps.Length];
        return ((next * form.Channels * sizeof(int)) + steps - 1) / steps;
    }

    /// <summary>Tiles of a chunk: few enough for the cache, and for every part to have some.</summary>
    private int Chunk(int tiles, int workerParts)
    {
        long bytesOfTile = Math.Max(1, data.Bytes / tiles);
        int cached = (int)Math.Max(1, ChunkBytes / bytesOfTile), wanted = Math.Max(1, workerParts / parts.Columns.Count);
        return Math.Clamp((tiles + wanted - 1) / wanted, 1, cached);
    }

    private CodeArguments Call(int index)
    {
        var column = parts.Columns[index];
        var arguments = new CodeArguments
        {
            Data = data.Pointer + column.Data,
            Pixels = parts.Pixels.Pointer,
            Result = result.Pointer + (column.Channel * (int)form.Result),
            Results = parts.Results.Pointer,
            Weights = parts.Weights.Pointer + column.Weights,
            Steps = parts.Steps.Pointer + column.Step,
            Tables = (byte*)(parts.Tables.Pointer + (index * (parts.Tables.Count / parts.Columns.Count))),
            Lookups = parts.Lookups.Pointer,
            Constants = (byte*)kernel.Constants.Pointer,
            Ahead = parts.Weights.Pointer + parts.Columns[(index + 1) % parts.Columns.Count].Weights,
        };
        if (parts.Windows is { } windows) arguments.Windows = windows.Pointer;
        if (parts.Entries is { } entries)
        {
            arguments.Firsts = entries.Firsts.Pointer;
            arguments.Sums = entries.Sums.Pointer;
        }
        int* end = arguments.Steps;
        for (int together = column.Counts.Count; together >= 1; together--)
        {
            end += column.Counts[together - 1];
            arguments.StepEnds[together - 1] = (long)end;
        }
        for (int i = 0; i < parts.Others.Count; i++)
        {
            var (other, pixels) = parts.Others[i];
            arguments.Others[i] = (long)(other.Pointer + (column.Channel * (int)other.Layout.Kind));
            arguments.OtherPixels[i] = (long)pixels.Pointer;
        }
        return arguments;
    }
}
