using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>Row-major int32 into a packed layout.</summary>
internal sealed class PackStep(Value value, PlainBuffer from, PackedBuffer to) : Step
{
    public override IReadOnlyList<Storage> Reads => [from];

    public override IReadOnlyList<Storage> Writes => [to];

    public override Value Subject => value;

    public override void Run(Workers workers)
    {
        to.ClearBorder();
        workers.Run(part =>
        {
            var (first, end) = Share(to.Layout.View.Rows, part, workers.Parts);
            Packing.Pack(from.Block.Span, to, first, end);
        });
    }
}

/// <summary>A packed layout into row-major int32.</summary>
internal sealed class UnpackStep(Value value, PackedBuffer from, PlainBuffer to) : Step
{
    public override IReadOnlyList<Storage> Reads => [from];

    public override IReadOnlyList<Storage> Writes => [to];

    public override Value Subject => value;

    public override void Run(Workers workers) => workers.Run(part =>
    {
        var (first, end) = Share(from.Layout.View.Rows, part, workers.Parts);
        Packing.Unpack(from, to.Block.Span, first, end);
    });
}
