using System.Globalization;
using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Functions that work element by element.</summary>
internal static class MxNetActivationOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Activation", "_npx_activation")
        {
            Doc = "nn.relu, nn.sigmoid, nn.tanh, nn.softplus, nn.softsign or nn.mish",
            Attributes = [new("act_type")],
            Import = n => [n.Emit(n.Attributes.Choice("act_type", "relu", "sigmoid", "tanh", "softrelu", "softsign", "mish") switch
            {
                "relu" => NnUnary.Relu,
                "sigmoid" => NnUnary.Sigmoid,
                "tanh" => NnUnary.Tanh,
                "softrelu" => NnUnary.Softplus,
                "softsign" => NnUnary.Softsign,
                _ => NnUnary.Mish,
            }, [n.Data()])],
        },
        new("LeakyReLU", "_npx_leaky_relu")
        {
            Doc = "nn.leaky_relu, nn.prelu, nn.elu, nn.selu or nn.gelu; rrelu takes the mean of its bounds",
            Parameters = ["gamma"],
            Attributes = [new("act_type", "leaky"), new("slope", "0.25"), new("lower_bound", "0.125"), new("upper_bound", "0.334")],
            Without = a => a.Text("act_type") == "prelu" ? null : "gamma",
            Import = LeakyRelu,
        },
        new("hard_sigmoid")
        {
            Doc = "nn.hard_sigmoid",
            Attributes = [new("alpha", "0.2"), new("beta", "0.5")],
            Import = n =>
                [n.Emit(NnUnary.HardSigmoid, [n.Data()], ("alpha", n.Attributes.Float("alpha")), ("beta", n.Attributes.Float("beta")))],
        },
        new("clip", "_npi_clip")
        {
            Doc = "nn.clip",
            Attributes = [new("a_min"), new("a_max")],
            Import = n =>
            {
                double min = n.Attributes.Float("a_min"), max = n.Attributes.Float("a_max");
                // MXNet would give a_max above it and a_min everywhere else: a jump.
                if (min > max) throw n.Attributes.Unsupported("a_min",
                    string.Create(CultureInfo.InvariantCulture, $"at most a_max = {max}; check whether the two were exchanged"));
                return [n.Emit(NnUnary.Clip, [n.Data()], ("min", min), ("max", max))];
            },
        },
        new("Cast", "cast", "_npx_cast")
        {
            Doc = "nn.identity; to a floating type",
            Attributes = [new("dtype")],
            Import = n =>
            {
                n.Attributes.Choice("dtype", "float32", "float16", "float64");
                return [n.Emit(NnUnary.Identity, [n.Data()])];
            },
        },
        Unary(NnUnary.Identity, "_copy", "identity", "BlockGrad", "stop_gradient", "_identity_with_attr_like_rhs", "_np_copy", "_npi_copy"),
        Unary(NnUnary.Relu, "relu", "_npx_relu"),
        Unary(NnUnary.Sigmoid, "sigmoid", "_npx_sigmoid"),
        Unary(NnUnary.Tanh, "tanh", "_npi_tanh"),
        Unary(NnUnary.Softsign, "softsign"),
        Unary(NnUnary.Exp, "exp", "_npi_exp"),
        Unary(NnUnary.Log, "log", "_npi_log"),
        Unary(NnUnary.Sqrt, "sqrt", "_npi_sqrt"),
        Unary(NnUnary.Rsqrt, "rsqrt"),
        Unary(NnUnary.Abs, "abs", "_npi_absolute"),
        Unary(NnUnary.Neg, "negative", "_npi_negative"),
        Unary(NnUnary.Erf, "erf", "_npx_erf"),
        Unary(NnUnary.Floor, "floor", "_npi_floor"),
        Unary(NnUnary.Ceil, "ceil", "_npi_ceil"),
        Unary(NnUnary.Round, "rint", "_npi_rint"),
        Unary(NnUnary.Sin, "sin", "_npi_sin"),
        Unary(NnUnary.Cos, "cos", "_npi_cos"),
        Unary(NnUnary.Asin, "arcsin", "_npi_arcsin"),
        Unary(NnUnary.Acos, "arccos", "_npi_arccos"),
        Unary(NnUnary.Atan, "arctan", "_npi_arctan"),
        Unary(NnUnary.Asinh, "arcsinh", "_npi_arcsinh"),
        Unary(NnUnary.Acosh, "arccosh", "_npi_arccosh"),
        Unary(NnUnary.Atanh, "arctanh", "_npi_arctanh"),
        Unary(NnUnary.Square, "square", "_npi_square"),
        Unary(NnUnary.Reciprocal, "reciprocal", "_npi_reciprocal"),
    ];

    private static MxNetOp Unary(OpSpec row, params string[] names) =>
        new(names)
        {
            Doc = row.Name, Data = ["data"], Labels = names[0] == "_copy" ? ["like"] : [], Import = n => [n.Emit(row, [n.Data()])],
        };

    private static Value[] LeakyRelu(NodeImport n)
    {
        var a = n.Attributes;
        return [a.Choice("act_type", "leaky", "prelu", "elu", "selu", "gelu", "rrelu") switch
        {
            "leaky" => n.Emit(NnUnary.LeakyRelu, [n.Data()], ("slope", a.Float("slope"))),
            "rrelu" => n.Emit(NnUnary.LeakyRelu, [n.Data()], ("slope", (a.Float("lower_bound") + a.Float("upper_bound")) / 2)),
            "elu" => n.Emit(NnUnary.Elu, [n.Data()], ("alpha", a.Float("slope"))),
            "selu" => n.Emit(NnUnary.Selu, [n.Data()]),
            "gelu" => n.Emit(NnUnary.Gelu, [n.Data()]),
            _ => n.Emit(NnUnary.Prelu, [n.Data(), n.Parameter("gamma", Fill.Random, n.Rank > 1 ? n.Data().Type.Shape[1] : 1)]),
        }];
    }
}
