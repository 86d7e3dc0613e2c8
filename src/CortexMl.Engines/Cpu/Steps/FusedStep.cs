using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>A fused group: sums from a source, stages over them while they are in the cache, one store of the result.</summary>
internal sealed unsafe class FusedStep(Value value, PackedBuffer data, Source source, IReadOnlyList<Stage> stages, PackedBuffer result, int threads) : Step
{
    private const int Alignment = 64, PartsPerThread = 4;

    private readonly Pinned<int> _pixels = new(result.Layout.Pixels);
    private readonly Pinned<int>?[] _others = [.. stages.Select(s => s.Other is { } other ? new Pinned<int>(other.Layout.Pixels) : null)];

    public override IReadOnlyList<Storage> Reads => [data, .. stages.Select(s => s.Other).OfType<PackedBuffer>()];

    public override IReadOnlyList<Storage> Writes => [result];

    public override Value Subject => value;

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results()
    {
        var tensor = Tensor.Zeros<int>(value.Type.Shape);
        Packing.Unpack(result, tensor.Data);
        yield return (value, tensor);
    }

    public override void Run()
    {
        result.ClearBorder();
        int chunks = (_pixels.Count + Source.Chunk - 1) / Source.Chunk, units = chunks * result.Layout.Blocks;
        int parts = Math.Min(units, threads * PartsPerThread);
        if (threads == 1 || parts == 1) Work(0, units, chunks);
        else
        {
            Parallel.For(0, parts, new ParallelOptions { MaxDegreeOfParallelism = threads },
                part => Work((int)((long)units * part / parts), (int)((long)units * (part + 1) / parts), chunks));
        }
    }

    // Every unit writes its own elements, computed from the operands alone: which thread does it makes no difference.
    private void Work(int from, int to, int chunks)
    {
        byte* scratch = stackalloc byte[(Source.Chunk * PackedLayout.Block * sizeof(int)) + Alignment];
        int* sums = (int*)(((nint)scratch + Alignment - 1) & -Alignment);
        for (int unit = from; unit < to; unit++)
        {
            int block = source.BlocksOutermost ? unit / chunks : unit % result.Layout.Blocks;
            int chunk = source.BlocksOutermost ? unit % chunks : unit / result.Layout.Blocks;
            int first = chunk * Source.Chunk, count = Math.Min(Source.Chunk, _pixels.Count - first);
            source.Fill(block, first, count, sums);
            Finish(block, first, count, sums);
        }
    }

    private void Finish(int block, int first, int count, int* sums)
    {
        for (int i = 0; i < stages.Count; i++)
        {
            if (stages[i].Other is { } other) Combine(other, stages[i].Subtracts, _others[i]!.Pointer + first, block, count, sums);
            Epilogue.Apply(sums, count, stages[i], block);
        }
        byte* target = result.Pointer + (block * PackedLayout.Block * (int)result.Layout.Kind);
        Epilogue.Store(sums, count, target, _pixels.Pointer + first, result.Layout.Kind);
    }

    private static void Combine(PackedBuffer other, bool subtracts, int* pixels, int block, int count, int* sums)
    {
        byte* from = other.Pointer + (block * PackedLayout.Block * (int)other.Layout.Kind);
        if (other.Layout.Kind == ElementKind.Byte) Epilogue.Combine<byte>(sums, count, from, pixels, subtracts);
        else if (other.Layout.Kind == ElementKind.Short) Epilogue.Combine<short>(sums, count, from, pixels, subtracts);
        else Epilogue.Combine<int>(sums, count, from, pixels, subtracts);
    }
}
