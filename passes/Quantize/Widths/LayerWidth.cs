using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// How many bits of its data and of its weights a convolution or dense layer sees (passes/Quantize/README.md §11): its attribute
/// <c>bits</c>. Of a product of two values the first is the data, and the second the weights.
/// </summary>
/// <param name="WideData">15 bits of data, in a high and a low part, instead of 8.</param>
/// <param name="WideWeights">15 bits of weights instead of 8.</param>
internal readonly record struct LayerWidth(bool WideData, bool WideWeights)
{
    /// <summary>Precision of data or weights that are wide.</summary>
    public const int WidePrecision = 15;

    /// <summary>Bits of the low part: x = 2^7 · high + low.</summary>
    public const int LowBits = 7;

    /// <summary>
    /// Times the scale of 8 bits that wide data may have. First what it has where it can reach further than was seen: five of the seven
    /// bits more make it finer, two let it reach four times as far.
    /// </summary>
    public static readonly IReadOnlyList<int> Finer = [1 << (LowBits - 2), 1 << LowBits];

    /// <summary>The partial sums of a layer with more terms would be added once more.</summary>
    private const int MaxTerms = 32767;

    public static readonly LayerWidth Narrow = new(false, false);

    public int Products => 1 + (WideData ? 1 : 0) + (WideWeights ? 1 : 0);

    /// <summary>What the layer's attribute says; other operations see 8 bits.</summary>
    public static LayerWidth Of(Operation op) => IsLayer(op) && op.Ints(NnConv.Bits.Name) is var bits
        ? new LayerWidth(bits[0] == WidePrecision, bits[1] == WidePrecision)
        : Narrow;

    public Attributes In(Attributes attributes) => this == Narrow
        ? attributes.Without(NnConv.Bits.Name)
        : attributes.With(NnConv.Bits.Name, new[] { WideData ? 15L : 8L, WideWeights ? 15L : 8L });

    /// <summary>Whether the layer's data has no more than 8 bits anyway: an input, moved, padded, limited or not.</summary>
    public static bool ReadsInput(Operation layer) => IsInput(layer.Operands[0]);

    /// <summary>The same of any value that a layer reads.</summary>
    public static bool IsInput(Value data)
    {
        while (data.Producer is { } op && KeepsBits(op)) data = op.Operands[0];
        return data.IsInput;
    }

    private static bool KeepsBits(Operation op) => op.Spec.Is(OpTraits.Moves) || op.Spec == NnShape.Pad || op.Spec == NnUnary.Clip
        || op.Spec == NnUnary.Relu || op.Spec == NnUnary.Abs || op.Spec == NnUnary.Neg || op.Spec == NnPool.MaxPool2D;

    /// <summary>Whether a layer can see more than 8 bits of either.</summary>
    public static bool MayBeWide(Operation op) => IsLayer(op) && (op.Spec == NnConv.MatMul || op.Operands[1].IsConstant)
        && op.Operands[1].Type.Shape.Count > 0 && Terms(op) <= MaxTerms;

    /// <summary>Numbers that an element of the result is the sum of.</summary>
    public static long Terms(Operation op) => op.Spec == NnConv.MatMul ? op.Operands[0].Type.Shape[^1]
        : op.Operands[1].Type.Shape is var weight ? weight.Count / Math.Max(1, weight[0]) : 0;

    private static bool IsLayer(Operation op) => op.Spec.Is(OpTraits.Product) || op.Spec == NnConv.MatMul;
}
