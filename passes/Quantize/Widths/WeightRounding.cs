using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>What is lost when the weights of a layer are rounded to 8 bits of the largest of their row.</summary>
internal static class WeightRounding
{
    /// <param name="scales">Of the channels of the data, which the weights take up before they are rounded.</param>
    /// <returns>Rounded weights less the weights.</returns>
    public static Tensor<float> Rest(Operation layer, Tensor<float> weight, Scale scales)
    {
        int outputs = weight.Shape[0], inputs = weight.Shape[1];
        int row = weight.Length / Math.Max(1, outputs), taps = row / Math.Max(1, inputs);
        int groups = layer.Spec == NnConv.Conv2D ? (int)layer.Int("groups") : 1, perGroup = Math.Max(1, outputs / groups);
        var rest = Tensor.Zeros<float>(weight.Shape);
        // Whoever centres the input folds gains of its channels into the weights, which leave their grid by it.
        bool mayFold = LayerWidth.ReadsInput(layer);
        Parallel.For(0, outputs, o =>
        {
            var folded = new float[row];
            for (int k = 0; k < row; k++) folded[k] = (float)(weight.Data[o * row + k] / Scale(k));
            double most = folded.Max(w => Math.Abs((double)w));
            if (most == 0 || (!mayFold && WeightGrid.Of(folded) > 0)) return;
            double unit = DemandPrecision.WeightBound / most;
            for (int k = 0; k < row; k++)
            {
                rest.Data[o * row + k] = (float)((Math.Floor(folded[k] * unit + 0.5) / unit - folded[k]) * Scale(k));
            }

            double Scale(int k) => scales.At(scales.IsPerChannel ? o / perGroup * inputs + k / taps : 0);
        });
        return rest;
    }
}
