using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Sweeps;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>A fused group: sums from a source, sweeps over them while they are in the cache, one store of the result.</summary>
/// <param name="reads">The data, and tensors that are added.</param>
internal sealed unsafe class FusedStep(
    Value value, IReadOnlyList<PackedBuffer> reads, Source source, IReadOnlyList<Sweep> sweeps, PackedBuffer result) : Step
{
    private const int Alignment = 64;

    private readonly int _pixels = result.Layout.View.Pixels;

    public override IReadOnlyList<Storage> Reads => reads;

    public override IReadOnlyList<Storage> Writes => [result];

    public override Value Subject => value;

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() => [(value, Packing.Read(result, value.Type.Shape))];

    public override void Run(Workers workers)
    {
        result.ClearBorder();
        int units = Chunks * Groups;
        workers.Run(part =>
        {
            var (from, to) = Share(units, part, workers.Parts);
            Work(from, to);
        });
    }

    private int Chunks => (_pixels + Source.Chunk - 1) / Source.Chunk;

    /// <summary>Blocks of a unit, whole calls of the source.</summary>
    private int Together => Math.Max(1, Math.Min(source.BlocksTogether, result.Layout.Blocks) / source.BlocksAtOnce) * source.BlocksAtOnce;

    private int Groups => (result.Layout.Blocks + Together - 1) / Together;

    // Every unit writes its own elements, computed from the operands alone: which thread does it makes no difference.
    private void Work(int from, int to)
    {
        const int Sums = Source.Chunk * PackedLayout.Block;
        byte* scratch = stackalloc byte[(source.BlocksAtOnce * Sums * sizeof(int)) + Alignment];
        int* sums = (int*)(((nint)scratch + Alignment - 1) & -Alignment);
        int chunks = Chunks, together = Together;
        for (int unit = from; unit < to; unit++)
        {
            int first = unit % chunks * Source.Chunk, count = Math.Min(Source.Chunk, _pixels - first);
            int block = unit / chunks * together, end = Math.Min(block + together, result.Layout.Blocks);
            for (; block < end; block += source.BlocksAtOnce)
            {
                source.Fill(block, first, count, sums);
                for (int b = block; b < Math.Min(block + source.BlocksAtOnce, end); b++)
                {
                    foreach (var sweep in sweeps) sweep.Run(b, first, count, sums + ((b - block) * Sums));
                }
            }
        }
    }
}
