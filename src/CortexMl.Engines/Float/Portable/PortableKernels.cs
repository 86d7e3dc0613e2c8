using System.Collections.Frozen;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Float.Portable;

/// <summary>One operation, ready to run.</summary>
/// <param name="operands">Row-major elements of each operand.</param>
/// <param name="result">Takes the row-major elements of the result.</param>
public delegate void PortableKernel(IReadOnlyList<float[]> operands, float[] result);

/// <summary>
/// Float rows that are fast here, with the same bits on every machine: an element depends on the order that is written down, never on
/// registers, tiles or threads. Rows without a kernel are left to their definition in double.
/// </summary>
public sealed class PortableKernels
{
    private static readonly FrozenDictionary<OpSpec, Factory> All =
        new[] { PortableProductKernels.All, PortablePointwiseKernels.All, PortablePoolKernels.All, PortableMoveKernels.All }
            .SelectMany(family => family).ToFrozenDictionary();

    private readonly ProductRunner _runner;

    /// <param name="threads">Threads within one operation, at least 1.</param>
    /// <param name="generatesCode">Whether products are machine code where that is allowed; the bits are the same without.</param>
    public PortableKernels(int threads, bool generatesCode = true) : this(generatesCode ? ProductTiles.Best : LanesTiles.Widest, threads)
    {
    }

    internal PortableKernels(ProductTiles tiles, int threads) => _runner = new(tiles, threads);

    /// <summary>An operation to prepare.</summary>
    /// <param name="Constants">Elements of the operands that never change, null for the others.</param>
    internal sealed record Call(IOperation Op, Shape Result, IReadOnlyList<float[]?> Constants, ProductRunner Runner);

    internal delegate PortableKernel Factory(Call call);

    public static bool Has(OpSpec spec) => All.ContainsKey(spec);

    /// <summary>A kernel that is not to be run by two threads at once, or null where the row has none.</summary>
    /// <param name="op">A row that its own rule has accepted.</param>
    /// <param name="result">The shape that it inferred.</param>
    /// <param name="constants">Elements of the operands that never change, null for the others.</param>
    public PortableKernel? Prepare(IOperation op, Shape result, IReadOnlyList<float[]?> constants) =>
        All.TryGetValue(op.Spec, out var factory) ? factory(new(op, result, constants, _runner)) : null;
}
