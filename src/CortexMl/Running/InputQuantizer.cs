using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Real inputs as the integers that a compiled model takes.</summary>
public static class InputQuantizer
{
    private const double CutOffFrom = 1.5;

    /// <summary>
    /// q = clamp(floor(x·s + 0.5), ±α(p)), the product in double; x centred first where <paramref name="centering"/> says how. Source:
    /// passes/Quantize/README.md §5.
    /// </summary>
    public static Tensor<int> Quantize(Tensor<float> values, double scale, int precision, Centering? centering = null) =>
        Quantize(values, scale, precision, centering, out _);

    /// <inheritdoc cref="Quantize(Tensor{float}, double, int, Centering?)"/>
    /// <param name="beyond">
    /// How many elements are cut off: more than a step and a half beyond the bound. White is 128 of 127 by design.
    /// </param>
    public static Tensor<int> Quantize(Tensor<float> values, double scale, int precision, Centering? centering, out long beyond)
    {
        double bound = Precisions.Bound(precision);
        long cut = 0;
        int Integer(double x)
        {
            double exact = x * scale;
            if (Math.Abs(exact) - bound > CutOffFrom) cut++;
            return (int)Math.Clamp(Math.Floor(exact + 0.5), -bound, bound);
        }
        var integers = Quantized();
        beyond = cut;
        return integers;

        Tensor<int> Quantized() => Tensor.Create(values.Shape, centering is null
            ? Array.ConvertAll(values.Data, x => Integer(x))
            : Array.ConvertAll(centering.Of(values), Integer));
    }

    /// <summary>Numbers that already are the model's integers.</summary>
    /// <exception cref="DiagnosticException">CML0926: one is no integer or outside ±α(p).</exception>
    public static Tensor<int> Exactly(Tensor<float> values, int precision, string name)
    {
        double bound = Precisions.Bound(precision);
        int at = Array.FindIndex(values.Data, x => Math.Abs(x) > bound || x != Math.Floor(x));
        if (at >= 0)
            throw new DiagnosticException(LibraryCodes.IntegerRange,
                string.Create(CultureInfo.InvariantCulture,
                    $"{name} holds {values.Data[at]} at element {at}; with --integer whole numbers from {-bound} to {bound} are allowed"),
                hint: "leave --integer out for real inputs");
        return Tensor.Create(values.Shape, Array.ConvertAll(values.Data, x => (int)x));
    }
}
