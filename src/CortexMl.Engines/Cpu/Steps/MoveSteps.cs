using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>Row-major int32 into a packed layout.</summary>
internal sealed class PackStep(Value value, PlainBuffer from, PackedBuffer to) : Step
{
    public override IReadOnlyList<Storage> Reads => [from];

    public override IReadOnlyList<Storage> Writes => [to];

    public override Value Subject => value;

    public override void Run()
    {
        to.ClearBorder();
        Packing.Pack(from.Block.Span, to);
    }
}

/// <summary>A packed layout into row-major int32.</summary>
internal sealed class UnpackStep(Value value, PackedBuffer from, PlainBuffer to) : Step
{
    public override IReadOnlyList<Storage> Reads => [from];

    public override IReadOnlyList<Storage> Writes => [to];

    public override Value Subject => value;

    public override void Run() => Packing.Unpack(from, to.Block.Span);
}
