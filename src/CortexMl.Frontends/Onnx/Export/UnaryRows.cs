using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>Element-by-element rows; those that opset 17 lacks are composed.</summary>
internal static class UnaryRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnUnary.Relu] = row => row.Emit("Relu", row.Operands),
        [NnUnary.Sigmoid] = row => row.Emit("Sigmoid", row.Operands),
        [NnUnary.Tanh] = row => row.Emit("Tanh", row.Operands),
        [NnUnary.Softplus] = row => row.Emit("Softplus", row.Operands),
        [NnUnary.Softsign] = row => row.Emit("Softsign", row.Operands),
        [NnUnary.Exp] = row => row.Emit("Exp", row.Operands),
        [NnUnary.Log] = row => row.Emit("Log", row.Operands),
        [NnUnary.Sqrt] = row => row.Emit("Sqrt", row.Operands),
        [NnUnary.Rsqrt] = row => row.Emit("Reciprocal", [row.Step("Sqrt", row.Operands)]),
        [NnUnary.Abs] = row => row.Emit("Abs", row.Operands),
        [NnUnary.Neg] = row => row.Emit("Neg", row.Operands),
        [NnUnary.Erf] = row => row.Emit("Erf", row.Operands),
        [NnUnary.Gelu] = Gelu,
        [NnUnary.Selu] = row => row.Emit("Selu", row.Operands),
        [NnUnary.HardSwish] = row => row.Emit("HardSwish", row.Operands),
        [NnUnary.Mish] = row => row.Emit("Mul", [row.Operand(0), row.Step("Tanh", [row.Step("Softplus", row.Operands)])]),
        [NnUnary.Swish] = Swish,
        [NnUnary.Floor] = row => row.Emit("Floor", row.Operands),
        [NnUnary.Ceil] = row => row.Emit("Ceil", row.Operands),
        [NnUnary.Round] = row => row.Emit("Round", row.Operands),
        [NnUnary.Sin] = row => row.Emit("Sin", row.Operands),
        [NnUnary.Cos] = row => row.Emit("Cos", row.Operands),
        [NnUnary.Asin] = row => row.Emit("Asin", row.Operands),
        [NnUnary.Acos] = row => row.Emit("Acos", row.Operands),
        [NnUnary.Atan] = row => row.Emit("Atan", row.Operands),
        [NnUnary.Asinh] = row => row.Emit("Asinh", row.Operands),
        [NnUnary.Acosh] = row => row.Emit("Acosh", row.Operands),
        [NnUnary.Atanh] = row => row.Emit("Atanh", row.Operands),
        [NnUnary.Square] = row => row.Emit("Mul", [row.Operand(0), row.Operand(0)]),
        [NnUnary.Reciprocal] = row => row.Emit("Reciprocal", row.Operands),
        [NnUnary.Elu] = row => row.Emit("Elu", row.Operands, Attribute("alpha", row.Op.Float("alpha"))),
        [NnUnary.HardSigmoid] = row => row.Emit(
            "HardSigmoid", row.Operands, Attribute("alpha", row.Op.Float("alpha")), Attribute("beta", row.Op.Float("beta"))),
        [NnUnary.LeakyRelu] = row => row.Emit("LeakyRelu", row.Operands, Attribute("alpha", row.Op.Float("slope"))),
        [NnUnary.Clip] = row => row.Emit("Clip", [row.Operand(0), row.Float(row.Op.Float("min")), row.Float(row.Op.Float("max"))]),
        [NnUnary.Prelu] = Prelu,
        [NnUnary.Identity] = row => row.Emit("Identity", row.Operands),
        [NnUnary.Dropout] = row => row.Emit("Identity", row.Operands),
    };

    // swish(x) = x · sigmoid(beta · x)
    private static void Swish(OnnxRow row)
    {
        double beta = row.Op.Float("beta");
        string inner = beta == 1 ? row.Operand(0) : row.Step("Mul", [row.Operand(0), row.Float(beta)]);
        row.Emit("Mul", [row.Operand(0), row.Step("Sigmoid", [inner])]);
    }

    // gelu(x) = x / 2 · (1 + erf(x / √2)), or x / 2 · (1 + tanh(√(2 / π) · (x + 0.044715 · x³)))
    private static void Gelu(OnnxRow row)
    {
        string x = row.Operand(0),
        gate = row.Op.Text("approximate") == "tanh" ? Tanh() : row.Step("Erf", [Times(x, row.Float(Math.Sqrt(0.5)))]);
        row.Emit("Mul", [Times(x, row.Float(0.5)), row.Step("Add", [gate, row.Float(1)])]);

        string Tanh() =>
            row.Step("Tanh",
                [Times(row.Step("Add", [x, Times(Times(Times(x, x), x), row.Float(0.044715))]), row.Float(Math.Sqrt(2 / Math.PI)))]);

        string Times(string a, string b) => row.Step("Mul", [a, b]);
    }

    /// <summary>ONNX broadcasts the slope from the last axis, so a slope per channel of axis 1 becomes [C, 1, …].</summary>
    private static void Prelu(OnnxRow row)
    {
        Shape data = row.Op.Shape(0), slope = row.Op.Shape(1);
        string aligned = row.Operand(1);
        if (slope.Count > 1 && data.Rank > 2)
        {
            var shape = Shape.Of(Enumerable.Range(1, data.Rank - 1).Select(axis => axis == 1 ? data[1] : 1));
            aligned = row.Step("Reshape", [aligned, row.Dims(shape)]);
        }
        row.Emit("PRelu", [row.Operand(0), aligned]);
    }
}
