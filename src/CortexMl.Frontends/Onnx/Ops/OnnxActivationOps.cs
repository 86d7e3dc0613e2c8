using System.Globalization;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Functions of one number, and softmax.</summary>
internal static class OnnxActivationOps
{
    private const float SeluAlpha = 1.67326319217681884765625f, SeluGamma = 1.05070102214813232421875f;

    public static readonly OnnxOp[] Rows =
    [
        new("Relu", NnUnary.Relu.Name) { Import = n => n.OutLike(n.Emit(NnUnary.Relu, [n.Numbers()])) },
        Unary("Sigmoid", NnUnary.Sigmoid),
        Unary("Tanh", NnUnary.Tanh),
        Unary("Softplus", NnUnary.Softplus),
        Unary("Softsign", NnUnary.Softsign),
        Unary("Erf", NnUnary.Erf),
        Unary("HardSwish", NnUnary.HardSwish),
        Unary("Mish", NnUnary.Mish),
        new("LeakyRelu", "nn.leaky_relu")
        {
            Import = n => n.Out(n.Emit(NnUnary.LeakyRelu, [n.Data()], ("slope", n.Attributes.Float("alpha", 0.01f)))),
        },
        new("Elu", "nn.elu") { Import = n => n.Out(n.Emit(NnUnary.Elu, [n.Data()], ("alpha", n.Attributes.Float("alpha", 1)))) },
        new("Celu", "nn.elu of x / alpha, times alpha") { Import = Celu },
        new("Selu", "nn.selu, or nn.elu and nn.mul for other constants") { Import = Selu },
        new("HardSigmoid", "nn.hard_sigmoid")
        {
            Import = n =>
                n.Out(n.Emit(NnUnary.HardSigmoid, [n.Data()], ("alpha", n.Attributes.Float("alpha", 0.2f)),
                    ("beta", n.Attributes.Float("beta", 0.5)))),
        },
        new("Gelu", "nn.gelu")
        {
            Import = n => n.Out(n.Attributes.Choice("approximate", "none", "tanh") is "tanh" and var form
                ? n.Emit(NnUnary.Gelu, [n.Data()], ("approximate", form)) : n.Emit(NnUnary.Gelu, [n.Data()])),
        },
        new("Swish", "nn.swish") { Import = n => n.Out(n.Attributes.Float("alpha", 1) is var beta && beta == 1
            ? n.Emit(NnUnary.Swish, [n.Data()]) : n.Emit(NnUnary.Swish, [n.Data()], ("beta", beta))) },
        new("SwiGLU", "nn.swish of the first input, times the second")
        {
            Import = n => n.Out(n.Emit(NnBinary.Mul,
                [n.Step("gate", NnUnary.Swish, [n.Data()], ("beta", n.Attributes.Float("alpha", 1))), n.Data(1)])),
        },
        new(OnnxOp.Microsoft + "Gelu", "nn.gelu") { Import = n => n.Out(n.Emit(NnUnary.Gelu, [n.Data()])) },
        new(OnnxOp.Microsoft + "BiasGelu", "nn.add and nn.gelu") { Import = n => n.Out(n.Emit(NnUnary.Gelu, [Biased(n)])) },
        new(OnnxOp.Microsoft + "FastGelu", "nn.gelu in its form with tanh, behind nn.add where there is a bias")
        {
            Import = n => n.Out(n.Emit(NnUnary.Gelu, [Biased(n)], ("approximate", "tanh"))),
        },
        new(OnnxOp.Microsoft + "QuickGelu", "nn.swish")
        {
            Import = n => n.Out(n.Emit(NnUnary.Swish, [n.Data()], ("beta", n.Attributes.Float("alpha", 1.702f)))),
        },
        new("Clip", "nn.clip, nn.relu, nn.max or nn.min; bounds that come with the data as nn.max and nn.min") { Import = Clip },
        new("Shrink", "nn.greater than lambd times x - bias, and of -lambd than it times x + bias") { Import = Shrink },
        new("ThresholdedRelu", "x times nn.greater of x than alpha")
        {
            Import = n =>
            {
                var above = n.Step("above", NnBinary.Greater, [n.Data(), n.Scalar(n.Attributes.Float("alpha", 1))]);
                return n.Out(n.Emit(NnBinary.Mul, [n.Data(), above]));
            },
        },
        new("PRelu", "nn.prelu for one slope per channel, else max(x, 0) + slope · min(x, 0)") { Import = PRelu },
        Softmax("Softmax", NnSoftmax.Softmax),
        Softmax("LogSoftmax", NnSoftmax.LogSoftmax),
    ];

    private static Value Biased(OnnxNode n) => n.Has(1) ? n.Step("biased", NnBinary.Add, [n.Data(), n.Data(1)]) : n.Data();

    private static OnnxOp Unary(string name, OpSpec row) => new(name, row.Name) { Import = n => n.Out(n.Emit(row, [n.Data()])) };

    private static Entry[] Celu(OnnxNode n)
    {
        double alpha = n.Attributes.Float("alpha", 1);
        if (alpha == 1) return n.Out(n.Emit(NnUnary.Elu, [n.Data()]));
        var inner = n.Step("scaled", NnBinary.Mul, [n.Data(), n.Scalar(1 / alpha)]);
        return n.Out(n.Emit(NnBinary.Mul, [n.Step("elu", NnUnary.Elu, [inner]), n.Scalar(alpha)]));
    }

    private static Entry[] Selu(OnnxNode n)
    {
        // Opset 1 had shorter constants.
        double alpha = n.Attributes.Float("alpha", n.Opset < 6 ? 1.6732f : SeluAlpha),
        gamma = n.Attributes.Float("gamma", n.Opset < 6 ? 1.0507f : SeluGamma);
        if (alpha == SeluAlpha && gamma == SeluGamma) return n.Out(n.Emit(NnUnary.Selu, [n.Data()]));
        return n.Out(n.Emit(NnBinary.Mul, [n.Step("elu", NnUnary.Elu, [n.Data()], ("alpha", alpha)), n.Scalar(gamma)]));
    }

    private static Entry[] Clip(OnnxNode n)
    {
        if (n.Opset >= 11 && ((n.Has(1) && n.Known(1) is null) || (n.Has(2) && n.Known(2) is null))) return ClippedByData(n);
        double? min, max;
        if (n.Opset < 11)
            (min, max) = (n.Attributes.Has("min") ? n.Attributes.Float("min", 0) : null,
                n.Attributes.Has("max") ? n.Attributes.Float("max", 0) : null);
        else (min, max) = (n.Has(1) ? n.Number(1, "min") : null, n.Has(2) ? n.Number(2, "max") : null);
        if (min <= -float.MaxValue) min = null;
        if (max >= float.MaxValue) max = null;
        if (min > max)
            n.Warn(string.Create(CultureInfo.InvariantCulture,
                $"its min {min} is above its max {max}: by ONNX's definition everything becomes {max}"),
                "check whether the two were exchanged");
        if (n.Input().Quantized is { } q) return ClippedIntegers(n, q, min, max);
        return n.OutLike((min, max) switch
        {
            (null, null) => n.Emit(NnUnary.Identity, [n.Numbers()]),
            (0, null) => n.Emit(NnUnary.Relu, [n.Numbers()]),
            ({ } low, null) => n.Emit(NnBinary.Max, [n.Numbers(), n.Scalar(low)]),
            (null, { } high) => n.Emit(NnBinary.Min, [n.Numbers(), n.Scalar(high)]),
            ({ } low, { } high) => n.Emit(NnUnary.Clip, [n.Numbers()], ("min", low), ("max", high)),
        });
    }

    //  clip(x; min, max)   ⇒   min(max(x, min), max) where a bound is known only with the data
    private static Entry[] ClippedByData(OnnxNode n)
    {
        var data = n.Numbers();
        foreach (int bound in new[] { 1, 2 })
            if (n.Has(bound) && n.Shape(bound).Count != 1) throw n.Mismatch($"bound {n.Shape(bound)} is not one number");
        if (n.Has(1)) data = Bounded(1, n.Has(2) ? "bounded" : null, NnBinary.Max);
        return n.OutLike(n.Has(2) ? Bounded(2, null, NnBinary.Min) : data);

        Value Bounded(int bound, string? step, OpSpec row)
        {
            var limit = n.Reshaped($"bound{bound}", n.Numbers(bound), Tensors.Shape.Of());
            return step is null ? n.Emit(row, [data, limit]) : n.Step(step, row, [data, limit]);
        }
    }

    //  clip(q; min, max) of quantized integers   ⇒   clip(x; (min - zero point) · scale, (max - zero point) · scale) of what they stand for
    private static Entry[] ClippedIntegers(OnnxNode n, Quantization q, double? min, double? max)
    {
        var (least, greatest) = q.Range;
        double low = min is { } l ? (l - q.ZeroPoint) * q.Scale : least, high = max is { } h ? (h - q.ZeroPoint) * q.Scale : greatest;
        return n.Moved(n.Emit(NnUnary.Clip, [n.AnyData()], ("min", low), ("max", high)), n.Input());
    }

    //  x - bias above lambd, x + bias below -lambd, 0 between
    private static Entry[] Shrink(OnnxNode n)
    {
        double limit = n.Attributes.Float("lambd", 0.5f), bias = n.Attributes.Float("bias", 0);
        if (limit < 0) throw n.Attributes.Unsupported("lambd", "0 or more");
        Value Limit(string step, double number) => n.Floats(step, Tensor.Scalar((float)number));
        var above = n.Step("above", NnBinary.Greater, [n.Data(), Limit("limit", limit)]);
        var below = n.Step("below", NnBinary.Greater, [Limit("mirrored", -limit), n.Data()]);
        if (bias == 0)
            return n.Out(n.Emit(NnBinary.Mul, [n.Data(), n.Step("outside", NnBinary.Add, [above, below])]));
        Value left = n.Step("left", NnBinary.Mul, [above, n.Step("less", NnBinary.Sub, [n.Data(), Limit("bias", bias)])]),
        right = n.Step("right", NnBinary.Mul, [below, n.Step("more", NnBinary.Add, [n.Data(), Limit("offset", bias)])]);
        return n.Out(n.Emit(NnBinary.Add, [left, right]));
    }

    private static Entry[] PRelu(OnnxNode n)
    {
        Shape data = n.Shape(), slope = n.Shape(1);
        // Before opset 7 a vector was one slope per channel.
        bool perChannel = n.Opset < 7 && slope.Rank == 1 && data.Rank >= 2 && slope[0] == data[1];
        int fromEnd = data.Rank - 1;
        bool alongChannels = data.Rank >= 2 && slope.Rank >= fromEnd && slope.Rank <= data.Rank && slope.Count == slope[^fromEnd]
            && slope[^fromEnd] == data[1];
        if (slope.Count == 1 || perChannel || alongChannels)
        {
            var vector = slope.Rank <= 1 ? n.Data(1) : n.Step("slope", NnShape.Reshape, [n.Data(1)], ("shape", new[] { slope.Count }));
            return n.Out(n.Emit(NnUnary.Prelu, [n.Data(), vector]));
        }
        var negative = n.Step("negative", NnBinary.Min, [n.Data(), n.Scalar(0)]);
        var bent = n.Step("bent", NnBinary.Mul, [negative, n.Data(1)]);
        return n.Out(n.Emit(NnBinary.Add, [n.Step("positive", NnUnary.Relu, [n.Data()]), bent]));
    }

    private static OnnxOp Softmax(string name, OpSpec row) => new(name, $"{row.Name}; before opset 13 over all axes from the named one on")
    {
        Import = n =>
        {
            int axis = n.Axis(n.Attributes.Int("axis", n.Opset < 13 ? 1 : -1), n.Rank);
            var shape = n.Shape();
            if (n.Opset >= 13 || shape.Skip(axis + 1).All(d => d == 1)) return n.Out(n.Emit(row, [n.Data()], ("axis", axis)));
            long before = Tensors.Shape.Of(shape.Take(axis)).Count;
            var matrix = n.Step("matrix", NnShape.Reshape, [n.Data()], ("shape", new[] { before, shape.Count / before }));
            return n.Out(n.Emit(NnShape.Reshape, [n.Step("flat", row, [matrix])], ("shape", shape)));
        },
    };
}
