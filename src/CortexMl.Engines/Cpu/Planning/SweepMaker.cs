using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sweeps;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Makes the sweeps of a group's stages, the last of which stores the result.</summary>
internal static class SweepMaker
{
    public static IReadOnlyList<Sweep> Make(IReadOnlyList<Stage> stages, PackedBuffer result, CpuInstructions instructions)
    {
        bool packs = result.Layout.Kind == ElementKind.Byte && instructions.Include(CpuInstructions.Avx2);
        List<Sweep> sweeps = [];
        for (int i = 0; i < stages.Count; i++)
        {
            var stage = stages[i];
            bool isLast = packs && i == stages.Count - 1 && stage.Lookup is null,
            adds = isLast && stage is { Other.Layout.Kind: ElementKind.Byte, Subtracts: false };
            if (stage.Other is { } other && !adds) sweeps.Add(Combine(other, stage.Subtracts));
            sweeps.Add(!isLast ? InPlace(stage) : adds ? Bytes<On>(stage, result) : Bytes<Off>(stage, result));
            if (stage.ProvenLookup is { } lookup) sweeps.Add(Lookup(lookup, instructions));
        }
        bool isStored = stages is [.., { Lookup: null }];
        if (packs && !isStored) sweeps.Add(Bytes<Off>(Stage.Neutral(result.Layout.Blocks), result));
        else if (!packs) sweeps.Add(Store(result));
        return sweeps;
    }

    private static Sweep Lookup(StageLookup lookup, CpuInstructions instructions) =>
        instructions.Include(CpuInstructions.Avx2) ? new LookupSweep<On>(lookup) : new LookupSweep<Off>(lookup);

    private static Sweep Combine(PackedBuffer other, bool subtracts) => other.Layout.Kind switch
    {
        ElementKind.Byte => new CombineSweep<byte>(other, subtracts),
        ElementKind.Short => new CombineSweep<short>(other, subtracts),
        _ => new CombineSweep<int>(other, subtracts),
    };

    private static Sweep Store(PackedBuffer result) => result.Layout.Kind switch
    {
        ElementKind.Byte => new StoreSweep<byte>(result),
        ElementKind.Short => new StoreSweep<short>(result),
        _ => new StoreSweep<int>(result),
    };

    private static Sweep InPlace(Stage stage) => (stage.Clamps, stage.Multiply is not null) switch
    {
        (false, false) => new StageSweep<Off, Off>(stage),
        (true, false) => new StageSweep<On, Off>(stage),
        (false, true) => new StageSweep<Off, On>(stage),
        _ => new StageSweep<On, On>(stage),
    };

    private static Sweep Bytes<TAdd>(Stage stage, PackedBuffer result) where TAdd : struct,
    ISwitch => (stage.Clamps, stage.Multiply is not null) switch
    {
        (false, false) => new ByteSweep<TAdd, Off, Off>(stage, result),
        (true, false) => new ByteSweep<TAdd, On, Off>(stage, result),
        (false, true) => new ByteSweep<TAdd, Off, On>(stage, result),
        _ => new ByteSweep<TAdd, On, On>(stage, result),
    };
}
