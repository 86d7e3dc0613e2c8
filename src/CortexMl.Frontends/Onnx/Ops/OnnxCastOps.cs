using CortexMl.Analysis;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Conversions between element types.</summary>
internal static class OnnxCastOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Cast", "between real types and from integers nothing, to integers nn.floor of the magnitude, to truths a comparison with 0; "
            + "constants are converted")
        {
            Import = n => To(n, Type(n)), Fold = n => n.Out(Constants.Cast(n.Constant(0, "the data"), Type(n))),
        },
        new("CastLike", "as Cast")
        {
            Import = n => To(n, n.Input(1).Type), Fold = n => n.Out(Constants.Cast(n.Constant(0, "the data"), n.Input(1).Type)),
        },
    ];

    private static DType Type(OnnxNode n)
    {
        var to = (Schema.TensorProto.Types.DataType)n.Attributes.Int("to", 0);
        return ElementTypes.Find(to)
            ?? throw n.Refused(
            $"elements of type {ElementTypes.Name((int)to)} are not supported", $"types that are: {ElementTypes.Readable}");
    }

    /// <summary>Whole numbers become reals, and integers of more bits, as they are; reals become integers toward zero.</summary>
    private static Entry[] To(OnnxNode n, DType type)
    {
        var from = n.Input();
        bool isQuantized = from.Quantized is not null, widens = type is DType.I64 or DType.I32 || from.Type == DType.Bool;
        if (!isQuantized && type == DType.Bool && from.Type != DType.Bool)
            return OnnxComparisonOps.Truth(n, TruthRows.Truth(n, n.AnyData(), OnnxComparisonOps.Last(n), n.IsWhole(n.AnyData())));
        if (isQuantized || (!from.Type.IsReal() && !type.IsReal() && type != from.Type && !widens))
            throw n.Refused($"activations of type {from.Type} cannot become {type}",
                "the CVM computes with quantized real numbers only; cut the model before it");
        var data = n.AnyData();
        bool truncates = from.Type.IsReal() && !type.IsReal() && !n.IsWhole(data);
        return [Entry.Of(n.OutputName(0), truncates ? Truncated(n, data) : n.Emit(NnUnary.Identity, [data]), type)];
    }

    //  floor(max(x, 0)) - floor(max(-x, 0)), of what is never below 0 the first alone
    /// <param name="step">Null where this is the node's result.</param>
    public static Value Truncated(OnnxNode n, Value data, string? step = null)
    {
        if (WholeNumbers.IsNeverNegative(data)) return Last(NnUnary.Floor, data);
        var above = n.Step("above", NnUnary.Floor, [n.Step("positive", NnUnary.Relu, [data])]);
        var mirrored = n.Step("negative", NnUnary.Relu, [n.Step("mirrored", NnUnary.Neg, [data])]);
        return Last(NnBinary.Sub, above, n.Step("below", NnUnary.Floor, [mirrored]));

        Value Last(OpSpec row, params Value[] operands) => step is null ? n.Emit(row, operands) : n.Step(step, row, operands);
    }
}
