using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>Gas of layers (CortexMl.Cvm/SPECIFICATION.md §10), as far as it is known before there are integers.</summary>
internal static class LayerGas
{
    /// <summary>Of an element of any result: 5 for its memory, 1 for its operation.</summary>
    private const long Element = 6;

    /// <summary>Of an element of a parameter: its memory.</summary>
    private const long Parameter = 5;

    /// <summary>Behind the product of a layer of 8 bits: a multiplication and a shift.</summary>
    private const long Steps = 2;

    /// <summary>For each further product: a clip and a multiplication of what it is added to, a shift of its own, the addition.</summary>
    private const long FurtherSteps = 4;

    /// <summary>Splitting data: the shift, the multiplication back, the difference, the clip.</summary>
    private const long SplitSteps = 4;

    /// <summary>Matrices of a batch are laid out, sliced and reshaped.</summary>
    private const long SliceSteps = 3;

    /// <summary>Multiplications of one element of the result cost 3 each.</summary>
    public static long Product(Operation layer) =>
        layer.Result.Type.Shape.Count * (3 * LayerWidth.Terms(layer) + Element * (1 + Steps));

    /// <summary>Beyond the narrow layer's.</summary>
    public static long Extra(Operation layer, LayerWidth width) =>
        (width.Products - 1) * (Product(layer) + (layer.Result.Type.Shape.Count * Element * (FurtherSteps - Steps)))
        + (width.WideData ? Split(layer, 0) : 0)
        + (!width.WideWeights ? 0 : layer.Spec == NnConv.MatMul ? Split(layer, 1) : Weights(layer));

    private static long Weights(Operation layer) => layer.Operands[1].Type.Shape.Count * Parameter;

    /// <summary>Of an operand's two parts.</summary>
    public static long Split(Operation layer, int operand) => layer.Operands[operand].Type.Shape.Count * Element
        * (SplitSteps + (layer.Spec == NnConv.MatMul ? SliceSteps : 0));

    /// <summary>Of a network whose layers have 8 bits: every other operation is counted with a step of its own and one behind it.</summary>
    public static long Of(Graph graph) => graph.Operations.Where(o => o.Constant is null).Sum(op =>
        op.Spec.Is(OpTraits.Product) ? Product(op) + Weights(op)
        : op.Spec == NnConv.MatMul ? Product(op)
        : op.Results.Sum(r => r.Type.Shape.Count) * Element * Steps);
}
