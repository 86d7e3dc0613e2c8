using CortexMl.Frontends.Onnx.Export;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>Additions and sums over axes, with the requantization behind them, and what only scales and clamps.</summary>
internal static class PeerSums
{
    public static IReadOnlyDictionary<OpSpec, Action<PeerWriter, Operation>> All { get; } =
        new Dictionary<OpSpec, Action<PeerWriter, Operation>>(
            Rescaling.Rows.Select(row => KeyValuePair.Create<OpSpec, Action<PeerWriter, Operation>>(row, Rescale)))
        {
            [CvmBinary.ElemwiseAdd] = Add,
            [CvmBinary.BroadcastAdd] = Add,
            [CvmBinary.BroadcastMul] = Multiply,
            [CvmReduce.Sum] = Sum,
        };

    private static void Add(PeerWriter writer, Operation operation)
    {
        var chain = Rescaling.Behind(operation.Result, perChannel: false);
        if (writer.Kind == PeerKind.Int8)
        {
            Binary(writer, operation, chain, "QLinearAdd");
            return;
        }
        var (a, b) = (writer.Real(operation.Operands[0]), writer.Real(operation.Operands[1]));
        string second = a.Scale == b.Scale
            ? b.Name
            : writer.Node(operation.Result, "Mul", [b.Name, writer.Scalar(operation.Result, (float)(b.Scale / a.Scale))]);
        Finish(writer, operation, chain, writer.Node(chain.End, "Add", [a.Name, second]), a.Scale);
    }

    private static void Multiply(PeerWriter writer, Operation operation)
    {
        var data = operation.Operands[operation.Operands[0].IsConstant ? 1 : 0];
        if (Rescaling.Of(operation, data) is [_])
        {
            Rescale(writer, operation, data);
            return;
        }
        var chain = Rescaling.Behind(operation.Result, perChannel: false);
        if (writer.Kind == PeerKind.Int8)
        {
            Binary(writer, operation, chain, "QLinearMul");
            return;
        }
        var (a, b) = (writer.Real(operation.Operands[0]), writer.Real(operation.Operands[1]));
        Finish(writer, operation, chain, writer.Node(chain.End, "Mul", [a.Name, b.Name]), a.Scale * b.Scale);
    }

    private static void Binary(PeerWriter writer, Operation operation, Rescaling chain, string type)
    {
        var (a, b, result) = (writer.Int8(operation.Operands[0]), writer.Int8(operation.Operands[1]), writer.FreshInt8(chain.End));
        writer.Node(result.Name, type,
            [a.Name, .. writer.Quantization(chain.End, a), b.Name, .. writer.Quantization(chain.End, b),
                .. writer.Quantization(chain.End, result, 1 / chain.Factors[0])],
            domain: OnnxProto.Microsoft);
        writer.Define(chain.End, result, chain.Operations);
    }

    /// <summary>A sum over the pixels is their mean with another scale.</summary>
    private static void Sum(PeerWriter writer, Operation operation)
    {
        var data = operation.Operands[0];
        if (data.Type.Shape.Rank != 4 || !CvmReduce.Axes(operation).SequenceEqual([2, 3]))
        {
            PeerReals.Reduce(writer, operation, "ReduceSum");
            return;
        }
        var chain = Rescaling.Behind(operation.Result, perChannel: false);
        double pixels = data.Type.Shape[2] * data.Type.Shape[3];
        if (writer.Kind == PeerKind.Float)
        {
            var real = writer.Real(data);
            Finish(writer, operation, chain,
                Shaped(writer, operation.Result, writer.Node(chain.End, "GlobalAveragePool", [real.Name])), real.Scale * pixels);
            return;
        }
        var (from, result) = (writer.Int8(data), writer.FreshInt8(chain.End));
        string mean = writer.Node(chain.End, "QLinearGlobalAveragePool",
            [from.Name, .. writer.Quantization(chain.End, from),
                .. writer.Quantization(chain.End, result, 1 / (pixels * chain.Factors[0]))],
            [Attribute("channels_last", 0L)], OnnxProto.Microsoft);
        writer.Define(chain.End, result with { Name = Shaped(writer, operation.Result, mean) }, chain.Operations);
    }

    private static void Finish(PeerWriter writer, Operation operation, Rescaling chain, string sum, double scale)
    {
        if (writer.IsRectified(operation.Result, chain.End)) sum = writer.Node(chain.End, "Relu", [sum]);
        writer.Define(chain.End, new PeerTensor(sum, scale * chain.Factors[0], null), chain.Operations);
    }

    private static void Rescale(PeerWriter writer, Operation operation) => Rescale(writer, operation, operation.Operands[0]);

    /// <summary>Another scale costs nothing; a clamp is a node where it can change something.</summary>
    private static void Rescale(PeerWriter writer, Operation operation, Value data)
    {
        double factor = Rescaling.Of(operation, data)![0];
        var tensor = writer[data];
        var result = tensor with { Scale = tensor.Scale * factor };
        if (writer.Clamp(data, factor, operation.Result) is { } range)
            result = result with { Name = Clamp(writer, operation, result, range) };
        writer.Define(operation.Result, result);
    }

    /// <summary>In float, clamps to a precision are left out: they are no part of the network as it was.</summary>
    private static string Clamp(PeerWriter writer, Operation operation, PeerTensor tensor, Interval range)
    {
        var result = operation.Result;
        if (tensor.Zero is { } zero)
            return writer.Node(
                result, "Clip", [tensor.Name, writer.Scalar(result, Element(range.Lo)), writer.Scalar(result, Element(range.Hi))]);
        if (operation.Spec == CvmUnary.Clip)
            return writer.Node(result, "Clip",
                [tensor.Name, writer.Scalar(result, (float)(range.Lo / tensor.Scale)),
                writer.Scalar(result, (float)(range.Hi / tensor.Scale))]);
        return operation.Spec == CvmUnary.Relu ? writer.Node(result, "Relu", [tensor.Name]) : tensor.Name;

        byte Element(long limit) => (byte)Math.Clamp(Math.Round(limit / tensor.Scale) + zero, byte.MinValue, byte.MaxValue);
    }

    private static string Shaped(PeerWriter writer, Value value, string mean) => value.Type.Shape.Rank == 4 ? mean
        : writer.Node(value, "Reshape",
            [mean, writer.Constant<long>(value, Shape.Of(value.Type.Shape.Rank), [.. value.Type.Shape.Select(d => (long)d)])]);
}
