using System.Runtime.CompilerServices;
using CortexMl.Ir;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Quantize.Clamping;

//  %0 = nn.dense(%x: … within 1, @w, [0.5, -1e9])          %0 = nn.dense(%x: … within 1, @w, [0.5, -4])
//  %1 = nn.relu(%0)                                    ⇒   %1 = nn.relu(%0)
//
// A mask that was added to a layer's channels has become part of its bias. Beyond what the consumers tell apart, plus all that the layer's
// products can make up for, a bias is as good as infinite.
internal static class SwampingBias
{
    /// <summary>A bias is a mask where it is so many times larger than all that the products of any channel come to.</summary>
    private const double IsMask = 16;

    private const int Bias = 2;

    public static Found Clamp(Operation product, PassContext context)
    {
        if (product.OperandAt(Bias)?.Floats() is not { } bias || product["weight"].Floats() is not { } weights) return Found.Nothing;
        double data = Demands.Threshold(product["data"]);
        double[] reaches = Reaches(weights, bias.Length, data);
        double most = IsMask * reaches.Max();
        if (data == 0 || !Array.Exists(bias, b => Math.Abs(b) > most)) return Found.Nothing;
        var range = ClampConstants.Useful().Of(product.Result);
        var within = bias.ToArray();
        var (least, largest) = (0.0, 0.0);
        for (int c = 0; c < bias.Length; c++)
        {
            double reach = ClampConstants.Slack * reaches[c];
            double near = Math.Min(Math.Max(bias[c], range.Low - reach), range.High + reach);
            if (Math.Abs(bias[c]) > most && Math.Abs(near) < Math.Abs(bias[c])) within[c] = (float)near;
            (least, largest) = (Math.Min(least, within[c] - reaches[c]), Math.Max(largest, within[c] + reaches[c]));
        }
        if (within.AsSpan().SequenceEqual(bias)) return Found.Nothing;
        ClampConstants.Replace(product, Bias, within, context);
        ClampConstants.Lower(product.Result, ClampConstants.Useful().Visible(product.Result, least, largest), context);
        return Found.Clamped;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(ReadOnlySpan<float> weights)
    {
        double sum = 0;
        foreach (float w in weights) sum += Math.Abs((double)w);
        return sum;
    }

    /// <summary>Σ |w| · th(x) for each output channel.</summary>
    private static double[] Reaches(float[] weights, int channels, double data)
    {
        var reaches = new double[channels];
        int terms = weights.Length / channels;
        for (int c = 0; c < channels; c++) reaches[c] = Sum(weights.AsSpan(c * terms, terms)) * data;
        return reaches;
    }
}
