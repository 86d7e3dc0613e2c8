using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Centering;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>What a layer may see of its data: 8 bits, 8 bits on both sides of their middle, or 15.</summary>
internal enum DataForm
{
    Narrow,
    Centred,
    Wide,
}

/// <summary>How a layer is quantized: what the plan chooses among.</summary>
internal readonly record struct LayerForm(DataForm Data, bool WideWeights)
{
    /// <summary>Of an error's square, what the steps of 15 bits of data leave, which reach four times as far as those of 8.</summary>
    private static readonly double s_leftOfData = 1.0 / (LayerWidth.Finer[0] * LayerWidth.Finer[0]);

    /// <summary>The same of weights.</summary>
    private static readonly double s_leftOfWeights = Math.ScaleB(1, -2 * LayerWidth.LowBits);

    /// <summary>Of two operands, in whose product that of the low parts is left out: 18 dB.</summary>
    private const double LeftOfBoth = 1.0 / 64;

    public static readonly LayerForm Narrow = new(DataForm.Narrow, false);

    public LayerWidth Width => new(Data == DataForm.Wide, WideWeights);

    /// <summary>What the layer's attributes say.</summary>
    public static LayerForm Of(Operation layer) => LayerWidth.Of(layer) is var width && CentredActivation.IsMarked(layer)
        ? new(DataForm.Centred, width.WideWeights)
        : new(width.WideData ? DataForm.Wide : DataForm.Narrow, width.WideWeights);

    /// <summary>Forms of a layer other than the narrow one; of data whose bits are decided those of the weights.</summary>
    public static IEnumerable<LayerForm> Of(Operation layer, LayerDamage damage)
    {
        var data = new List<DataForm> { DataForm.Narrow };
        bool isOpen = layer.Operands[0].Type.Reading?.Precision is null or DemandPrecision.Data or LayerWidth.WidePrecision;
        if (isOpen && damage.Centred.Count > 0 && CentredActivation.Applies(layer)) data.Add(DataForm.Centred);
        if (isOpen && !LayerWidth.ReadsInput(layer)) data.Add(DataForm.Wide);
        return data.SelectMany(d => new[] { new LayerForm(d, false), new LayerForm(d, true) }).Where(f => f != Narrow);
    }

    /// <summary>In words: a product of two values has no weights.</summary>
    public string In(Operation layer) => layer.Spec != NnConv.MatMul ? ToString() : (Data, WideWeights) switch
    {
        (DataForm.Wide, true) => "15 bits of both operands",
        (DataForm.Wide, false) => "15 bits of the first operand",
        (_, true) => "15 bits of the second operand",
        _ => ToString(),
    };

    public override string ToString() => Data switch
    {
        DataForm.Wide => WideWeights ? "15 bits of data and weights" : "15 bits of data",
        DataForm.Centred => WideWeights ? "centred data and 15 bits of weights" : "centred data",
        _ => WideWeights ? "15 bits of weights" : "8 bits",
    };

    /// <summary>What is left of the layer's damage to an output.</summary>
    /// <param name="weights">Share of the damage of 8-bit weights that counts.</param>
    public double Error(LayerDamage damage, int output, double weights = 1) =>
        weights * damage.Weights[output] * (WideWeights ? s_leftOfWeights : 1) + Data switch
        {
            DataForm.Narrow => damage.Data[output],
            DataForm.Centred => damage.Centred[output],
            _ => damage.Data[output] * s_leftOfData,
        };

    /// <summary>The same of a product of two values, whose second operand reaches further than was seen as its first one does.</summary>
    public double ErrorOfOperands(LayerDamage damage, int output)
    {
        double left = Data == DataForm.Wide && WideWeights ? LeftOfBoth : s_leftOfData;
        return (damage.Data[output] * (Data == DataForm.Wide ? left : 1)) + (damage.Weights[output] * (WideWeights ? left : 1));
    }

    /// <summary>Gas beyond the narrow form's; what centred data without padding saves is not counted.</summary>
    public long Cost(Operation layer) =>
        LayerGas.Extra(layer, Width) + (Data == DataForm.Centred ? Math.Max(0, CentredActivation.Cost(layer)) : 0);
}

/// <summary>
/// Forms of layers that are decided already: put among <see cref="PassServices.Given"/>; choose-widths chooses the others.
/// </summary>
internal sealed record GivenForms(IReadOnlyDictionary<Operation, LayerForm> Forms);
