using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Clamping;

/// <summary>Numbers below <paramref name="Low"/> may as well be it, and numbers above <paramref name="High"/>.</summary>
internal readonly record struct UsefulRange(double Low, double High)
{
    public static readonly UsefulRange Everything = new(double.NegativeInfinity, double.PositiveInfinity);

    /// <summary>What no consumer looks at.</summary>
    public static readonly UsefulRange Nothing = new(double.PositiveInfinity, double.NegativeInfinity);

    public UsefulRange Hull(UsefulRange other) => new(Math.Min(Low, other.Low), Math.Max(High, other.High));

    public bool IsEmpty => !(Low <= High);

    public double Clamp(double v) => Math.Min(Math.Max(v, Low), High);
}

/// <summary>
/// What the consumers of a value can tell apart: beyond a bound, a saturating function gives the same. Where the saturation is only nearly
/// reached, the bound lies where less than 2^-34 of the largest result is missing.
/// </summary>
internal sealed class UsefulRanges(RealBounds bounds)
{
    private const int Furthest = 64;

    /// <summary>What of a result is missing is this share of its threshold: nothing; less than a step of 16 bits.</summary>
    private const double Nothing = 1.0 / (1L << 34), Invisible = 1.0 / (1 << 17);

    private readonly Dictionary<Value, UsefulRange> _known = [];

    /// <summary>What the user of an operand can tell apart.</summary>
    public UsefulRange Of(Operation user, int index) => AsOperand(user, index, 0);

    /// <summary>What any user of a value can tell apart.</summary>
    public UsefulRange Of(Value value) => Of(value, 0);

    private UsefulRange Of(Value value, int depth)
    {
        if (_known.TryGetValue(value, out var known)) return known;
        if (depth == Furthest) return UsefulRange.Everything;
        var hull = UsefulRange.Nothing;
        foreach (var use in value.Uses)
        {
            hull = hull.Hull(use.User is null ? UsefulRange.Everything : AsOperand(use.User, use.Index, depth + 1));
            if (hull == UsefulRange.Everything) break;
        }
        return _known[value] = hull;
    }

    /// <summary>
    /// The largest magnitude of a value that an integer of 16 bits can make a difference with: what a threshold has to cover.
    /// </summary>
    public double Visible(Value value, double least, double most)
    {
        var range = Of(value);
        // A table behind it has few steps for all of its domain.
        if (value.Uses.Count > 0 && value.Uses.All(u => u.User is { } user && FlatEnds.Of(user, Invisible) is not null))
            range = value.Uses.Select(u => FlatEnds.Of(u.User!, Invisible)!.Value).Aggregate((a, b) => a.Hull(b));
        return Math.Max(Math.Abs(range.Clamp(least)), Math.Abs(range.Clamp(most)));
    }

    private UsefulRange AsOperand(Operation op, int index, int depth)
    {
        if (op.Spec == NnSoftmax.Softmax) return SoftmaxRows.Of(op, bounds)?.Useful ?? UsefulRange.Everything;
        if (FlatEnds.Of(op, Nothing) is { } flat) return flat;
        bool passes = (op.Spec.Is(OpTraits.Moves) && (index == 0 || op.Spec == NnShape.Concat))
            || op.Spec == NnShape.Pad || op.Spec == NnPool.MaxPool2D || op.Spec == NnPool.GlobalMaxPool || op.Spec == NnReduce.Max
            || op.Spec == NnBinary.Max || op.Spec == NnBinary.Min;
        if (passes) return Limited(op, index, Of(op.Result, depth));
        if (op.Spec == NnUnary.Neg) return Flipped(Of(op.Result, depth));
        if (op.Spec == NnBinary.Add || op.Spec == NnBinary.Sub)
        {
            var result = Of(op.Result, depth);
            if (result == UsefulRange.Everything) return result;
            var other = bounds.Of(op.Operands[1 - index]);
            // a + b ≤ low for all b where a ≤ low - most b
            if (op.Spec == NnBinary.Add) return new(result.Low - other.Most, result.High - other.Least);
            return index == 0 ? new(result.Low + other.Least, result.High + other.Most)
                : new(other.Least - result.High, other.Most - result.Low);
        }
        return op.Spec == NnBinary.Mul && op["b"].Constant is { } factors
            ? Scaled(Of(op.Result, depth), factors.Floats)
            : UsefulRange.Everything;
    }

    /// <summary>The larger of x and a number: what never reaches the least x makes no difference.</summary>
    private UsefulRange Limited(Operation op, int index, UsefulRange result)
    {
        if (op.Spec != NnBinary.Max && op.Spec != NnBinary.Min) return result;
        var other = bounds.Of(op.Operands[1 - index]);
        return op.Spec == NnBinary.Max
            ? result with { Low = Math.Max(result.Low, Math.Min(other.Least, result.High)) }
            : result with { High = Math.Min(result.High, Math.Max(other.Most, result.Low)) };
    }

    private static UsefulRange Flipped(UsefulRange range) => new(-range.High, -range.Low);

    private static UsefulRange Scaled(UsefulRange range, ReadOnlySpan<float> factors)
    {
        var hull = UsefulRange.Nothing;
        foreach (float factor in factors)
        {
            if (factor == 0) continue;
            var (low, high) = (range.Low / factor, range.High / factor);
            hull = hull.Hull(factor > 0 ? new(low, high) : new(high, low));
        }
        return hull;
    }
}
