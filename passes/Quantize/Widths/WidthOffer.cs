using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>One form that a layer, or all lookup tables, may have.</summary>
/// <param name="Subject">What it is a form of.</param>
/// <param name="Cost">Gas beyond that of the usual form.</param>
internal abstract record WidthOffer(object Subject, long Cost)
{
    /// <summary>What is left of the damage to an output.</summary>
    /// <param name="weights">Share of the damage of 8-bit weights that counts.</param>
    public abstract double Error(int output, double weights = 1);

    /// <summary>Whether it has the bits of another one, with other codes.</summary>
    public abstract bool HasBitsOf(WidthOffer other);
}

/// <summary>Of one layer.</summary>
internal sealed record LayerOffer(Operation Layer, LayerDamage Damage, LayerForm Form) : WidthOffer(Layer, Form.Cost(Layer))
{
    public override double Error(int output, double weights = 1) =>
        Layer.Spec == NnConv.MatMul ? Form.ErrorOfOperands(Damage, output) : Form.Error(Damage, output, weights);

    public override bool HasBitsOf(WidthOffer other) => other is LayerOffer layer && layer.Form.Width == Form.Width;

    public override string ToString() => Form.In(Layer);
}

/// <summary>Of all lookup tables.</summary>
/// <param name="Damage">What they do to the outputs.</param>
internal sealed record TableOffer(TableDamage Damage, long Gas) : WidthOffer(typeof(TableOffer), Gas)
{
    /// <summary>Bits of the index.</summary>
    public int Precision => Damage.Bits;

    public override double Error(int output, double weights = 1) => Damage.Errors[output];

    public override bool HasBitsOf(WidthOffer other) => other is TableOffer table && table.Precision == Precision;

    public override string ToString() => $"{Counted.Of(Precision, "bit")} of index";
}
