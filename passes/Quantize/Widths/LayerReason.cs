using System.Globalization;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>How one layer is quantized, and why.</summary>
internal sealed record LayerChoice(Operation Layer, LayerForm Form, string Reason);

/// <summary>What choose-widths chose for every layer that it could choose for, in the order of the graph.</summary>
internal sealed record LayerChoices(IReadOnlyList<LayerChoice> Layers);

/// <summary>Says in a few words why a layer sees so many bits.</summary>
internal static class LayerReason
{
    public const string Unmeasured = "not measured";

    /// <param name="damage">What 8 bits of it do; null where that was not measured.</param>
    /// <param name="why">Said then.</param>
    /// <param name="gas">Of the whole network with 8 bits.</param>
    public static string Of(Operation layer, LayerForm form, LayerDamage? damage, string why, double gas)
    {
        string price = form == LayerForm.Narrow ? "" : string.Create(
            CultureInfo.InvariantCulture, $"; {form.In(layer)} for {100 * form.Cost(layer) / Math.Max(1, gas):F1} % more gas");
        var (data, weights) = layer.Spec == NnConv.MatMul ? ("its first operand", "its second") : ("its data", "its weights");
        return damage is null
            ? (why.Length > 0 ? why : Unmeasured) + price
            : $"8 bits of {data} leave {Decibels(damage.Data.Max())}, of {weights} {Decibels(damage.Weights.Max())}{price}";
    }

    /// <summary>A squared error as a share, in dB: how far the noise is below the signal.</summary>
    public static string Decibels(double share) => share <= 0 ? "no noise"
        : string.Create(CultureInfo.InvariantCulture, $"{-PortableMath.Decibels(share):F1} dB");
}
