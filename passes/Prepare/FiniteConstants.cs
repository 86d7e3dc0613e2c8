using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  @mask: f32[2] = [0, -Infinity]                    @mask: f32[2] = [0, -1.2676506E+30]
//  %0 = nn.add(%x, @mask)                     ⇒      %0 = nn.add(%x, @mask)
//  %1 = nn.softmax(%0)                               %1 = nn.softmax(%0)
//
// Infinity, and what two additions take there, has no threshold. Where everything that sees a constant takes -2^100 for as good as
// -infinity (softmax, sigmoid, relu, clip …), its elements are limited to ±2^100: any ordinary number that is added vanishes beside that
// all the same. clamp-constants brings them nearer when the ranges are known.
public sealed class FiniteConstants : Pass
{
    public static readonly PassInfo Record = new(
        "finite-constants", "Limit the elements of constants, infinities too, that only softmax and other saturating rows see",
        Level.Float, Level.Float);

    /// <summary>2^100.</summary>
    private const float Limit = 1.2676506e30f;

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        if (!graph.Constants.Any(c => c.Constant!.IsFloat && c.Result.Floats().AsSpan().IndexOfAnyExceptInRange(-Limit, Limit) >= 0)
            && !graph.Operations.Any(IsBorder)) return;
        var saturation = new Saturation(graph, Limit);
        foreach (var constant in graph.Constants.Where(c => c.Constant!.IsFloat).ToList())
        {
            if (context.Rewriter.Exhausted) return;
            float[] elements = constant.Result.Floats()!;
            bool below = Array.Exists(elements, e => e < -Limit), above = Array.Exists(elements, e => e > Limit);
            if ((!below && !above) || Array.Exists(elements, float.IsNaN)) continue;
            foreach (var use in constant.Result.Uses.ToList())
            {
                if ((below && !saturation.Swallows(use, -1)) || (above && !saturation.Swallows(use, 1))) continue;
                var limited = context.Instead(
                    use.User!, constant.Result, constant.Result.Type.Shape, Array.ConvertAll(elements, e => Math.Clamp(e, -Limit, Limit)));
                context.Rewriter.Replace(constant.Result, limited, u => u == use);
            }
            context.Rewriter.EraseDead(constant);
        }
        // A border of -infinity in front of a max pool.
        foreach (var pad in graph.Operations.Where(IsBorder).ToList())
        {
            if (context.Rewriter.Exhausted) return;
            double value = pad.Float("value");
            if (!pad.Result.Uses.All(u => saturation.Swallows(u, Math.Sign(value)))) continue;
            context.Rewriter.SetAttributes(pad, pad.Attributes.With("value", Math.Clamp(value, -Limit, Limit)));
            context.Rewriter.AddCount(1);
        }
    }

    private static bool IsBorder(Operation op) => op.Spec == NnShape.Pad && Math.Abs(op.Float("value")) > Limit;

    /// <summary>Which uses take a number beyond ±limit for as good as infinity.</summary>
    private sealed class Saturation
    {
        private readonly double _limit;
        private readonly Dictionary<(Value, int), bool> _known = [];

        public Saturation(Graph graph, double limit)
        {
            _limit = limit;
            // From the last to the first, so that each finds its consumers' answers: a long network is no deep recursion.
            foreach (var value in graph.Operations.Reverse().Where(o => o.Constant is null).SelectMany(o => o.Results))
                _ = Everywhere(value, -1) | Everywhere(value, 1);
        }

        /// <param name="use">Where the number stands.</param>
        /// <param name="sign">-1 for one below -limit, 1 for one above.</param>
        public bool Swallows(Use use, int sign)
        {
            if (use.User is not { } op) return false;
            var spec = op.Spec;
            if (spec == NnSoftmax.Softmax) return sign < 0;
            if (UnaryFunctions.All.TryGetValue(spec, out var function) && IsFlat(function(op), sign * _limit)) return true;
            if (spec == NnBinary.Max || spec == NnBinary.Min)
                return sign < 0 == (spec == NnBinary.Max) && !op.Operands[1 - use.Index].IsConstant || Everywhere(op.Result, sign);
            if (spec == NnBinary.Add || (spec == NnBinary.Sub && use.Index == 0)) return Everywhere(op.Result, sign);
            if (spec == NnBinary.Sub || spec == NnUnary.Neg) return Everywhere(op.Result, -sign);
            if (spec == NnLookup.Where) return use.Index > 0 && Everywhere(op.Result, sign);
            if (spec == NnBinary.Mul || spec == NnBinary.Div)
                return SignOf(op.Operands[1]) is var factor and not 0 && Everywhere(op.Result, sign * factor);
            bool isMaximum = spec == NnPool.MaxPool2D || spec == NnPool.GlobalMaxPool || spec == NnReduce.Max || spec == NnShape.Pad;
            bool isMoved = spec.Is(OpTraits.Moves) && (use.Index == 0 || spec == NnShape.Concat);
            return (isMaximum || isMoved) && Everywhere(op.Result, sign);
        }

        /// <summary>Whether a function gives the same from there to infinity, and a good way before.</summary>
        private static bool IsFlat(Func<double, double> function, double far)
        {
            double there = function(far);
            return Array.TrueForAll([far / 1024, far * 1024, Math.Sign(far) * double.PositiveInfinity],
                x => Math.Abs(function(x) - there) <= 1e-9 * Math.Max(1, Math.Abs(there)));
        }

        private bool Everywhere(Value value, int sign)
        {
            if (_known.TryGetValue((value, sign), out bool known)) return known;
            return _known[(value, sign)] = value.Uses.All(use => Swallows(use, sign));
        }

        /// <summary>1 or -1 where all elements of a constant have that sign and an ordinary magnitude, else 0.</summary>
        private static int SignOf(Value value)
        {
            const float Ordinary = 1 << 20;
            if (value.Floats() is not { } elements) return 0;
            int sign = elements[0] > 0 ? 1 : -1;
            return Array.TrueForAll(elements, e => e * sign is >= 1 / Ordinary and <= Ordinary) ? sign : 0;
        }
    }
}
