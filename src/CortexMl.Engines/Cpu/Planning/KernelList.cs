using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>
/// Kernels, of which the first that takes a group runs it: those for better instructions and narrower numbers stand before others.
/// </summary>
internal sealed class KernelList(IReadOnlyList<KernelProvider> all)
{
    public static KernelList OfEngine { get; } = Of(CodeStore.OfProcess);

    public IReadOnlyList<KernelProvider> All { get; } = all;

    /// <param name="store">Where generated kernels are kept.</param>
    public static KernelList Of(CodeStore store) => new(
    [
        new ProductCodeProvider(store),
        new SlidingCodeProvider(store),
        new FoldCodeProvider(store),
        new LoadCodeProvider(store),
        new DotProductsProvider<VnniQuadDot>(),
        new DotProductsProvider<QuadDot>(),
        new DotProductsProvider<VnniPairDot>(),
        new DotProductsProvider<PairDot>(),
        new DotProductsProvider<NeonQuadDot>(),
        new WideProductsProvider(),
        new SlidingDepthwiseProvider<VnniQuadDot>(),
        new SlidingDepthwiseProvider<QuadDot>(),
        new QuadDepthwiseProvider<VnniQuadDot>(),
        new QuadDepthwiseProvider<QuadDot>(),
        new PairDepthwiseProvider<VnniPairDot>(),
        new PairDepthwiseProvider<PairDot>(),
        new WideDepthwiseProvider(),
        new FoldsProvider(),
        new LoadsProvider(),
    ]);

    /// <returns>Null where none takes the group with its data so.</returns>
    public KernelProvider? Find(KernelQuestion question) => All.FirstOrDefault(kernel => kernel.Takes(question));
}
