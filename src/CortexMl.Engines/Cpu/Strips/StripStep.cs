using System.Runtime.CompilerServices;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>A group of element-wise operations: all of them on one strip, then on the next.</summary>
/// <param name="stored">Its results that are kept, and where.</param>
internal sealed class StripStep(
    StripProgram program, long count, IReadOnlyList<PlainBuffer> reads, IReadOnlyDictionary<Value, PlainBuffer> stored) : Step
{
    private readonly int _strips = (int)((count + StripPlace.Length - 1) / StripPlace.Length);

    public override IReadOnlyList<Storage> Reads => reads;

    public override IReadOnlyList<Storage> Writes { get; } = [.. stored.Values];

    public override Value Subject { get; } = stored.Keys.Last();

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() =>
        stored.Select(pair => (pair.Key, Tensor.Create(pair.Key.Type.Shape, pair.Value.Block.Span.ToArray())));

    // Every strip is written by one thread, computed from operands alone.
    public override void Run(Workers workers) => workers.Run(part =>
    {
        var (from, to) = Share(_strips, part, workers.Parts);
        if (from < to) Work(from, to);
    });

    [SkipLocalsInit]
    private void Work(int from, int to)
    {
        Span<int> scratch = stackalloc int[program.Slots * StripPlace.Length];
        foreach (var filling in program.Fillings)
            if (filling.IsSame) filling.Fill(scratch, 0, (int)Math.Min(count, StripPlace.Length));
        for (int strip = from; strip < to; strip++)
        {
            int start = strip * StripPlace.Length, length = (int)Math.Min(count - start, StripPlace.Length);
            foreach (var filling in program.Fillings)
                if (!filling.IsSame) filling.Fill(scratch, start, length);
            foreach (var line in program.Lines)
            {
                var first = line.First.Elements(scratch, start, length);
                var second = line.Second.Elements(scratch, start, length);
                var third = line.Third.Elements(scratch, start, length);
                line.Kernel.Run(new StripOperands(first, second, third), line.Result.Elements(scratch, start, length));
            }
        }
    }
}
