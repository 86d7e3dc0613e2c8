using System.Numerics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Sweeps;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>A group whose data lie in memory in some way, or could: what kernels are asked about.</summary>
/// <param name="Kind">Of the data's elements.</param>
/// <param name="Highest">Largest element as it lies there, where they are bytes.</param>
/// <param name="Instructions">What the machine has; those of lower ones too.</param>
internal readonly record struct KernelQuestion(Group Group, ElementKind Kind, long Highest, CpuInstructions Instructions);

/// <summary>What a kernel is made of.</summary>
internal sealed record KernelParts
{
    public required Group Group { get; init; }

    public required PackedBuffer Data { get; init; }

    /// <summary>What is done to the sums, in order; a stage may add another tensor.</summary>
    public required IReadOnlyList<Stage> Stages { get; init; }

    public required PackedBuffer Result { get; init; }

    public required CpuInstructions Instructions { get; init; }

    /// <summary>Where weights are packed once for all executables.</summary>
    public required HeldWeights Weights { get; init; }
}

/// <summary>
/// A kernel as the planner sees it: which fused groups it can run and, made for one, the step that runs it from data to stored result, with
/// the weights packed as it reads them. One that computes sums alone is a <see cref="SourceProvider"/>.
/// </summary>
internal abstract class KernelProvider
{
    /// <summary>Result pixels that it works on at once; <see cref="Source.Chunk"/> is a multiple.</summary>
    public abstract int Tile { get; }

    /// <summary>What it takes from every element of its data before it multiplies; <see cref="Corrections"/> gives it back.</summary>
    public virtual int Centre => 0;

    public abstract bool Takes(KernelQuestion question);

    /// <param name="parts">For which <see cref="Takes"/> said yes.</param>
    public abstract Step Make(KernelParts parts);
}

/// <summary>The usual composition: a source fills a scratch buffer with sums, sweeps do the rest there, and the last one stores.</summary>
internal abstract class SourceProvider : KernelProvider
{
    public sealed override Step Make(KernelParts parts)
    {
        PackedBuffer[] reads = [parts.Data, .. parts.Stages.Select(stage => stage.Other).OfType<PackedBuffer>()];
        var sweeps = SweepMaker.Make(parts.Stages, parts.Result, parts.Instructions);
        return new FusedStep(parts.Group.Result, reads, MakeSource(parts), sweeps, parts.Result);
    }

    protected abstract Source MakeSource(KernelParts parts);
}

/// <summary>Of a source that is made for a type of elements.</summary>
internal abstract class TypedSourceProvider : SourceProvider
{
    protected sealed override Source MakeSource(KernelParts parts) => parts.Data.Layout.Kind switch
    {
        ElementKind.Byte => MakeSource<byte>(parts),
        ElementKind.Short => MakeSource<short>(parts),
        _ => MakeSource<int>(parts),
    };

    protected abstract Source MakeSource<T>(KernelParts parts) where T : unmanaged, INumberBase<T>;
}
