using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Pointwise;

/// <summary>Float constants that broadcast to a value, at scales that may differ by the value's channel.</summary>
internal static class PerChannel
{
    /// <summary>
    /// Whether the constant has one number, or one for each channel and nothing else, so that it may take up their scales.
    /// </summary>
    /// <param name="constant">Broadcasts to <paramref name="value"/>.</param>
    public static bool Fits(Shape constant, Shape value) =>
        value.Rank > 1 && (constant.Count == 1 || (constant.Count == value[1] && Channels(constant, value) == value[1]));

    /// <summary>The constant's numbers times the scale of their channel: in its own shape where there is one scale.</summary>
    /// <param name="scales">Of <paramref name="value"/>; per channel only where the constant <see cref="Fits"/>.</param>
    public static (Shape Shape, double[] Numbers) Times(ConstantData constant, Scale scales, Shape value)
    {
        var floats = constant.Floats;
        if (!scales.IsPerChannel)
        {
            var scaled = new double[floats.Length];
            for (int i = 0; i < scaled.Length; i++) scaled[i] = floats[i] * scales.Value;
            return (Quantizer.WithDimension(constant.Tensor.Shape), scaled);
        }
        var numbers = new double[value[1]];
        for (int c = 0; c < numbers.Length; c++) numbers[c] = floats[floats.Length == 1 ? 0 : c] * scales.At(c);
        return (Shape.Of([numbers.Length, .. Enumerable.Repeat(1, value.Rank - 2)]), numbers);
    }

    /// <summary>The constant's size along the value's channels.</summary>
    private static int Channels(Shape constant, Shape value)
    {
        int axis = constant.Rank - value.Rank + 1;
        return axis >= 0 ? constant[axis] : 1;
    }
}
