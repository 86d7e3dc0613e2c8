using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.Onnx.Recurrent;

//  z, r = σ(W·x + R·h + b)      g = tanh(W·x + b + r ∘ (R·h + b'))  or  tanh(W·x + b + R·(r ∘ h) + b')      h' = g + z ∘ (h - g)
internal static class GruCell
{
    public const int Gates = 3;

    private const int Candidate = 2;

    /// <summary>The reset gate multiplies what is read of the state (linear_before_reset = 1, as cuDNN and PyTorch).</summary>
    public static Value?[] ResetProduct(RecurrentCell cell, int step, Value?[] before)
    {
        var (h, open) = (before[0], Open(cell, step, before[0]));
        var read = h is null ? cell.BiasOfState(Candidate) : cell.OfState(step, h, Candidate, 1, hasBias: true);
        var reset = cell.Step($"{step}.reset", NnBinary.Mul, [cell.Gate(step, "r", open, 1), read]);
        return Next(cell, step, h, open, reset);
    }

    /// <summary>The reset gate multiplies the state before it is read.</summary>
    public static Value?[] ResetState(RecurrentCell cell, int step, Value?[] before)
    {
        var (h, open) = (before[0], Open(cell, step, before[0]));
        if (h is null) return Next(cell, step, h, open, cell.BiasOfState(Candidate));
        var reset = cell.Step($"{step}.reset", NnBinary.Mul, [cell.Gate(step, "r", open, 1), h]);
        return Next(cell, step, h, open, cell.OfState(step, reset, Candidate, 1, hasBias: true));
    }

    private static Value Open(RecurrentCell cell, int step, Value? h)
    {
        var sums = cell.Sum(step, "open", cell.OfInput(step, 0, 2), h is null ? null : cell.OfState(step, h, 0, 2));
        return cell.Apply(step, "gates", 0, sums);
    }

    private static Value?[] Next(RecurrentCell cell, int step, Value? h, Value open, Value ofState)
    {
        var sum = cell.Sum(step, "candidate", cell.OfInput(step, Candidate, 1), ofState);
        var candidate = cell.Apply(step, "g", 1, sum);
        var z = cell.Gate(step, "z", open, 0);
        // h is zero at first: g - z·g
        var apart = h is null ? cell.Step($"{step}.back", NnUnary.Neg, [candidate])
            : cell.Step($"{step}.back", NnBinary.Sub, [h, candidate]);
        return [cell.Step($"{step}.h", NnBinary.Add, [candidate, cell.Step($"{step}.kept", NnBinary.Mul, [z, apart])])];
    }
}
