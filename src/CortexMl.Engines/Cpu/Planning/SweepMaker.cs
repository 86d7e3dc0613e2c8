using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sweeps;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Makes the sweeps of a group's stages, the last of which stores the result.</summary>
internal static class SweepMaker
{
    public static IReadOnlyList<Sweep> Make(IReadOnlyList<Stage> stages, PackedBuffer result, CpuInstructions instructions)
    {
        bool packs = result.Layout.Kind == ElementKind.Byte && instructions != CpuInstructions.Portable;
        List<Sweep> sweeps = [];
        for (int i = 0; i < stages.Count; i++)
        {
            if (stages[i].Other is { } other) sweeps.Add(Combine(other, stages[i].Subtracts));
            sweeps.Add(packs && i == stages.Count - 1 ? Bytes(stages[i], result) : InPlace(stages[i]));
        }
        if (sweeps.Count == 0 && packs) sweeps.Add(Bytes(Stage.Neutral(result.Layout.Blocks), result));
        else if (!packs) sweeps.Add(Store(result));
        return sweeps;
    }

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

    private static Sweep Bytes(Stage stage, PackedBuffer result) => (stage.Clamps, stage.Multiply is not null) switch
    {
        (false, false) => new ByteSweep<Off, Off>(stage, result),
        (true, false) => new ByteSweep<On, Off>(stage, result),
        (false, true) => new ByteSweep<Off, On>(stage, result),
        _ => new ByteSweep<On, On>(stage, result),
    };
}
