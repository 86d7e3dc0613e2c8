using System.Globalization;
using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Functions that work element by element.</summary>
internal static class MxNetActivationOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Activation")
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
        new("LeakyReLU")
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
        new("clip")
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
        new("Cast", "cast")
        {
            Doc = "nn.identity; to a floating type",
            Attributes = [new("dtype")],
            Import = n =>
            {
                n.Attributes.Choice("dtype", "float32", "float16", "float64");
                return [n.Emit(NnUnary.Identity, [n.Data()])];
            },
        },
        Unary(NnUnary.Identity, "_copy", "identity", "BlockGrad", "stop_gradient", "_identity_with_attr_like_rhs"),
        Unary(NnUnary.Relu, "relu"),
        Unary(NnUnary.Sigmoid, "sigmoid"),
        Unary(NnUnary.Tanh, "tanh"),
        Unary(NnUnary.Softsign, "softsign"),
        Unary(NnUnary.Exp, "exp"),
        Unary(NnUnary.Log, "log"),
        Unary(NnUnary.Sqrt, "sqrt"),
        Unary(NnUnary.Rsqrt, "rsqrt"),
        Unary(NnUnary.Abs, "abs"),
        Unary(NnUnary.Neg, "negative"),
        Unary(NnUnary.Erf, "erf"),
        Unary(NnUnary.Floor, "floor"),
        Unary(NnUnary.Ceil, "ceil"),
        Unary(NnUnary.Round, "rint"),
        Unary(NnUnary.Sin, "sin"),
        Unary(NnUnary.Cos, "cos"),
        Unary(NnUnary.Square, "square"),
        Unary(NnUnary.Reciprocal, "reciprocal"),
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
