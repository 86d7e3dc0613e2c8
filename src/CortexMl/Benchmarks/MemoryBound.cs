using CortexMl.Ir;

namespace CortexMl.Benchmarks;

/// <summary>The memory that a run may take: 1.5 · (weights at one byte + activation slots at four bytes an element) + 100 MB.</summary>
public static class MemoryBound
{
    private const long Fixed = 100_000_000;
    private const int ElementSize = 4;

    /// <param name="samples">How many a run takes at once.</param>
    public static long Of(Model model, int samples = 1) => ((Weights(model.Graph) + (samples * Slots(model))) * 3 / 2) + Fixed;

    /// <summary>Weights of convolutions and dense layers at one byte, all other constants at four.</summary>
    private static long Weights(Graph graph) => graph.Constants.Sum(c =>
        c.Result.Type.Shape.Count * (c.Result.Uses.All(IsWeight) ? 1 : ElementSize));

    private static bool IsWeight(Use use) => use is { Index: 1, User: { } user } && user.Spec.Is(OpTraits.Product);

    /// <summary>Slots of the storage plan that hold more than constants; without a plan every value has its own.</summary>
    private static long Slots(Model model)
    {
        var values = model.Graph.Inputs.Concat(model.Graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results));
        return ElementSize * (model.Cvm is { Storage: var plan }
            ? values.Select(v => plan.Slots[v]).Distinct().Sum(slot => plan.Sizes[slot])
            : values.Sum(v => v.Type.Shape.Count));
    }
}
