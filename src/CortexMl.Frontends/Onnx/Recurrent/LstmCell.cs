using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.Onnx.Recurrent;

//  i, o, f = σ(W·x + R·h + b),  g = tanh(…)       c' = f·c + i·g       h' = o·tanh(c')        ONNX's order of gates: i, o, f, g
internal static class LstmCell
{
    public static Value?[] Step(RecurrentCell cell, int step, Value?[] before)
    {
        const int gates = 4;
        var (h, c) = (before[0], before[1]);
        var sums = cell.Sum(step, "gates", cell.OfInput(step, 0, gates), h is null ? null : cell.OfState(step, h, 0, gates));
        var open = cell.Apply(step, "open", 0, cell.Step($"{step}.three", NnShape.Slice, [sums], ("begin", new[] { 0, 0 }),
            ("end", new[] { sums.Type.Shape[0], 3 * cell.Hidden }), ("strides", new[] { 1, 1 })));
        var candidate = cell.Apply(step, "candidate", 1, cell.Gate(step, "fourth", sums, 3));
        var added = cell.Step($"{step}.added", NnBinary.Mul, [cell.Gate(step, "i", open, 0), candidate]);
        var next = c is null ? added : cell.Step(
            $"{step}.c", NnBinary.Add, [cell.Step($"{step}.kept", NnBinary.Mul, [cell.Gate(step, "f", open, 2), c]), added]);
        return [cell.Step($"{step}.h", NnBinary.Mul, [cell.Gate(step, "o", open, 1), cell.Apply(step, "shown", 2, next)]), next];
    }
}
