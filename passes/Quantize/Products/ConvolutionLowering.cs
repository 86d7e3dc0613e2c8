using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

//  %1 = nn.conv2d(%0, @w, @b)   ⇒   %1 = cvm.conv2d(%0 as i8, @w · sw, @b · sx · sw)   at scale sx · sw, per channel
internal static class ConvolutionLowering
{
    public static readonly LoweringRule Conv2D =
        new((op, index, demands) => index == 0 ? demands.Data(op) : null, LowerConv2D)
        {
            Freedom = static (_, _, _) => ScaleFreedom.EachChannel,
            Refusal = op =>
                ConstantParameters(op) ?? (op.Ints("padding").Max() > CvmRules.MaxFactor ? "padding beyond 4096" : null),
        };

    public static readonly LoweringRule Dense =
        new((op, index, demands) => index == 0 ? demands.Data(op) : null, LowerDense)
        {
            Freedom = static (_, _, _) => ScaleFreedom.EachChannel,
            Refusal = op =>
                ConstantParameters(op)
                    ?? (op["data"].Type.Shape.Rank == 2 ? null : "data of more than 2 dimensions; run flatten-dense first"),
        };

    private static Value LowerConv2D(Operation op, Quantizer quantizer)
    {
        var data = quantizer.At(op["data"], quantizer.Demands.Data(op));
        var convolution = SymmetricConvolution.Of((Tensor<float>)op["weight"].Constant!.Tensor, SlidingWindow.Of(op));
        var weight = convolution.Weight;
        int outputs = weight.Shape[0], groups = (int)op.Int("groups");
        var product = new Product(
            Name: quantizer.Name(op.Result), WeightName: quantizer.Name(op["weight"]), Weights: weight.Data, Outputs: outputs,
            Inputs: weight.Shape[1],
            Taps: weight.Shape[2] * weight.Shape[3], Bias: Floats(op, "bias"), Groups: groups)
        {
            ChannelShape = Shape.Of(outputs, 1, 1),
            WeightShape = inputs => weight.Shape.With(1, inputs),
            Emit = (x, w, b, scale) => quantizer.Emit(
                CvmConv.Conv2D, b is null ? [x, w] : [x, w, b], convolution.Attributes(outputs, groups, b is not null), scale),
        };
        return Lower(op, product, data, quantizer);
    }

    private static Value LowerDense(Operation op, Quantizer quantizer)
    {
        var data = quantizer.At(op["data"], quantizer.Demands.Data(op));
        var weight = (Tensor<float>)op["weight"].Constant!.Tensor;
        int units = weight.Shape[0];
        var product = new Product(
            Name: quantizer.Name(op.Result), WeightName: quantizer.Name(op["weight"]), Weights: weight.Data, Outputs: units,
            Inputs: weight.Shape[1], Taps: 1, Bias: Floats(op, "bias"), Groups: 1)
        {
            ChannelShape = Shape.Of(units),
            WeightShape = inputs => Shape.Of(units, inputs),
            Emit = (x, w, b, scale) => quantizer.Emit(
                CvmConv.Dense, b is null ? [x, w] : [x, w, b], WithBias(Attributes.Of(("units", units)), b is not null), scale),
        };
        return Lower(op, product, data, quantizer);
    }

    private static Value Lower(Operation op, Product product, Value data, Quantizer quantizer)
    {
        var width = LayerWidth.Of(op);
        return ProductLowering.Lower(
            quantizer,
            product with
            {
                Width = width,
                Pivot = Pivot(op, data, quantizer),
                Rounding = width.WideWeights ? null : quantizer.RoundingOf(op, data.Type.Scale!, product.Inputs * product.Groups),
            },
            data, quantizer.Demands.Of(op.Result));
    }

    private static double[]? Pivot(Operation op, Value data, Quantizer quantizer)
    {
        var real = quantizer.Means(op) ?? CentredActivation.MiddlesOf(op)?.Select(m => -m).ToArray();
        return real is null ? null : [.. real.Select((x, c) => x * data.Type.Scale!.At(c))];
    }

    /// <summary>use_bias is true by default.</summary>
    public static Attributes WithBias(Attributes attributes, bool hasBias) => hasBias ? attributes : attributes.With("use_bias", false);

    private static float[]? Floats(Operation op, string operand) => op.Operand(operand)?.Constant!.Floats.ToArray();

    private static string? ConstantParameters(Operation op) =>
        op.Operands.Skip(1).All(o => o.IsConstant) ? null : "weights and bias must be constants";
}
