using CortexMl.Ir;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>Gas of layers (CortexMl.Cvm/SPECIFICATION.md §10), as far as it is known before there are integers.</summary>
internal static class LayerGas
{
    /// <summary>Of an element of any result: 5 for its memory, 1 for its operation.</summary>
    private const long Element = 6;

    /// <summary>A shift and an addition behind each further product; in a layer of 8 bits a multiplication and a shift.</summary>
    private const long Steps = 2;

    /// <summary>Splitting data: the shift, the multiplication back, the difference, the clip.</summary>
    private const long SplitSteps = 4;

    /// <summary>Multiplications of one element of the result cost 3 each.</summary>
    public static long Product(Operation layer)
    {
        var weight = layer["weight"].Type.Shape;
        return layer.Result.Type.Shape.Count * (3 * (weight.Count / Math.Max(1, weight[0])) + Element * (1 + Steps));
    }

    /// <summary>Beyond the narrow layer's.</summary>
    public static long Extra(Operation layer, LayerWidth width) =>
        (width.Products - 1) * Product(layer) + (width.WideData ? layer["data"].Type.Shape.Count * Element * SplitSteps : 0);

    /// <summary>Of a network whose layers have 8 bits: every other operation is counted with a step of its own and one behind it.</summary>
    public static long Of(Graph graph) => graph.Operations.Where(o => o.Constant is null).Sum(op =>
        op.Spec.Is(OpTraits.Product) ? Product(op) : op.Results.Sum(r => r.Type.Shape.Count) * Element * Steps);
}
