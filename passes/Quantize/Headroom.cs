using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Clamping;

namespace CortexMl.Passes.Quantize;

/// <summary>
/// How far a value with bits to spare reaches beyond what calibration saw: other data may have larger numbers, and a bit less of 16 is
/// nothing beside the noise of 8 (passes/Quantize/README.md §6).
/// </summary>
internal static class Headroom
{
    /// <summary>Times the largest number seen, at an output of 16 bits.</summary>
    public const double OfOutputs = 8;

    /// <summary>Times the largest number seen, of what is read with 16 bits inside.</summary>
    private const double Inside = 2;

    /// <summary>Bits that an output keeps for what calibration saw.</summary>
    private const int OutputBits = 13;

    /// <summary>Values that are looked through.</summary>
    private const int Furthest = 64;

    /// <summary>How far an output of a precision reaches: no further than its operators can go.</summary>
    public static double Output(Value value, int precision) => Within(value, Times(value, precision));

    /// <summary>How many times its threshold an output reaches, as far as operators let it.</summary>
    public static double Times(Value output, int precision)
    {
        if (output.Type.Reading?.Headroom is { } decided) return decided;
        double spare = Math.ScaleB(1, Math.Max(0, precision - OutputBits));
        return Math.Min(OfOutputs, Math.Max(1, spare / Spread(output)));
    }

    /// <summary>The same of what is read inside, with 16 bits; at an output what was decided is the output's.</summary>
    public static double TimesInside(Value value) => value is { IsOutput: false, Type.Reading.Headroom: { } decided } ? decided : Inside;

    /// <summary>How far a value reaches that is read with a precision.</summary>
    public static double Reach(Value value, int precision) =>
        precision >= DemandPrecision.Wide ? Within(value, TimesInside(value)) : Demands.Threshold(value);

    /// <summary>
    /// How far the table of a function goes: of one that is flat at its ends, or whose result is read with more than 8 bits, further than
    /// its operand was seen to.
    /// </summary>
    public static double Domain(Operation function, Demand result)
    {
        var data = function.Operands[0];
        bool isFlat = FlatEnds.Of(function, 0) is { Low: > double.NegativeInfinity, High: < double.PositiveInfinity };
        if (isFlat) return Within(data, LeadsOut(function.Result) ? OfOutputs : Inside);
        return result.Precision > DemandPrecision.Data ? Within(data, Inside) : Demands.Threshold(data);
    }

    /// <summary>Whether all that reads a value are outputs, and operations that hand on its precision.</summary>
    private static bool LeadsOut(Value value)
    {
        var open = new Stack<Value>([value]);
        var seen = new HashSet<Value>();
        while (open.TryPop(out var next))
        {
            if (!seen.Add(next)) continue;
            if (seen.Count > Furthest) return false;
            foreach (var op in next.Uses.Select(use => use.User).OfType<Operation>())
            {
                if (op.Results is not [var result] || !(op.Spec.Is(OpTraits.Elementwise) || op.Spec.Is(OpTraits.Moves))) return false;
                open.Push(result);
            }
        }
        return true;
    }

    private static double Within(Value value, double times)
    {
        double seen = Demands.Threshold(value);
        return value.IsConstant ? seen : Math.Max(seen, Math.Min(times * seen, Limit(value)));
    }

    /// <summary>The largest magnitude that a value can have, whatever the data is; infinite where nothing is known.</summary>
    public static double Limit(Value value)
    {
        double most = 0;
        var open = new Stack<Value>([value]);
        var seen = new HashSet<Value>();
        while (most < double.PositiveInfinity && open.TryPop(out var next))
        {
            if (!seen.Add(next)) continue;
            if (next.Producer is { Constant: null } op && op.Spec == NnShape.Concat) foreach (var part in op.Operands) open.Push(part);
            else if (next.Producer is { Constant: null } mover && HandsOn(mover)) open.Push(mover.Operands[0]);
            else most = Math.Max(most, OwnLimit(next));
        }
        return most;
    }

    private static double OwnLimit(Value value)
    {
        if (value.IsConstant || value.IsInput) return Demands.Threshold(value);
        var op = value.Producer!;
        if (op.Spec == NnUnary.Sigmoid || op.Spec == NnUnary.HardSigmoid || op.Spec == NnUnary.Tanh) return 1;
        if (op.Spec == NnSoftmax.Softmax || op.Spec == NnBinary.Greater) return 1;
        if (op.Spec == NnDetection.NonMaxSuppression) return op.Operands[0].Type.Shape[0];
        return op.Spec == NnUnary.Clip ? Math.Max(Math.Abs(op.Float("min")), Math.Abs(op.Float("max"))) : double.PositiveInfinity;
    }

    /// <summary>No number of the result is larger than the operand's largest.</summary>
    private static bool HandsOn(Operation op) =>
        op.Spec.Is(OpTraits.Moves) || op.Spec == NnUnary.Relu || op.Spec == NnPool.MaxPool2D || op.Spec == NnPool.GlobalMaxPool
            || op.Spec == NnPool.AvgPool2D || op.Spec == NnPool.GlobalAvgPool || op.Spec == NnReduce.Mean;

    /// <summary>How far apart the ranges of values are that an output joins at one scale; 1 where it joins nothing.</summary>
    private static double Spread(Value value)
    {
        var seen = JoinedParts.Of(value).Select(Demands.Threshold).Where(t => t > 0).ToList();
        return seen.Count == 0 ? 1 : seen.Max() / seen.Min();
    }
}
