using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Channels;

/// <summary>
/// Which operations hand the scale of each channel (axis 1) on, and from which channel of an operand to which of the result.
/// </summary>
internal static class ChannelFlow
{
    /// <summary>Whether the value has channels at all.</summary>
    public static bool HasChannels(Value value) => value.Type.Shape is { Rank: > 1, Count: > 0 };

    /// <summary>
    /// Whether every channel of the result comes from channels of the operands with nothing but its scale to know: what works element by
    /// element and commutes with positive factors, pools of the maximum, and what moves elements.
    /// </summary>
    public static bool Passes(Operation op)
    {
        if (op.Results.Count != 1 || !Carriers(op).All(HasChannels)) return false;
        if (op.Spec == NnUnary.Clip) return ClipLimit(op) is not null;
        if (op.Spec == NnBinary.Max) return Middle.Of(op) is not null;
        if (op.Spec == NnShape.Pad) return op.Float("value") == 0;
        if (op.Spec == NnLookup.Take) return op["indices"].IsConstant;
        return KeepsChannels(op) || op.Spec.Is(OpTraits.Moves);
    }

    /// <summary>The operands whose elements arrive in the result.</summary>
    public static IEnumerable<Value> Carriers(Operation op) => op.Spec == NnShape.Concat ? op.Operands : op.Operands.Take(1);

    /// <summary>M of a clip that relu and saturation at M are: to [0, M] or [-M, M]; null for another clip.</summary>
    public static double? ClipLimit(Operation op)
    {
        double min = op.Float("min"), max = op.Float("max");
        return max > 0 && (min == 0 || min == -max) ? max : null;
    }

    /// <summary>Calls <paramref name="join"/> for every operand, channel of it and channel of the result that belong together.</summary>
    /// <param name="op">One that <see cref="Passes"/>.</param>
    public static void Trace(Operation op, Action<Value, int, int> join)
    {
        int channels = op.Result.Type.Shape[1];
        if (KeepsChannels(op) || op.Spec == NnUnary.Clip || op.Spec == NnBinary.Max)
        {
            for (int c = 0; c < channels; c++) join(op.Operands[0], c, c);
            return;
        }
        // Elements that hold their operand's and channel's number, moved as the operation moves them; 0 is padding.
        var carriers = Carriers(op).ToList();
        var first = new List<int> { 1 };
        foreach (var carrier in carriers) first.Add(first[^1] + carrier.Type.Shape[1]);
        var numbered = carriers.Select((carrier, k) => Numbered(carrier.Type.Shape, first[k]));
        var rest = op.Operands.Skip(carriers.Count).Select(o => o.Constant!.Tensor.ToDouble());
        var moved = NaiveKernels.Evaluate(op, [.. numbered, .. rest]);
        int inner = (int)Shape.Of(op.Result.Type.Shape.Skip(2)).Count;
        int last = 0, at = -1;
        for (int i = 0; i < moved.Length; i++)
        {
            int number = (int)moved.Data[i], channel = i / inner % channels;
            if (number == 0 || (number == last && channel == at)) continue;
            (last, at) = (number, channel);
            int owner = first.FindLastIndex(f => f <= number);
            join(carriers[owner], number - first[owner], channel);
        }
    }

    /// <summary>Channel c of the result is made of channel c of the operand alone.</summary>
    private static bool KeepsChannels(Operation op) =>
        op.Spec == NnUnary.Relu || op.Spec == NnUnary.Abs || op.Spec == NnUnary.Neg || op.Spec == NnUnary.Identity
        || op.Spec == NnUnary.Dropout || op.Spec == NnPool.MaxPool2D || op.Spec == NnShape.UpSample;

    private static Tensor<double> Numbered(Shape shape, int first)
    {
        var tensor = Tensor.Zeros<double>(shape);
        int inner = (int)Shape.Of(shape.Skip(2)).Count;
        for (int i = 0; i < tensor.Length; i++) tensor.Data[i] = first + i / inner % shape[1];
        return tensor;
    }
}
