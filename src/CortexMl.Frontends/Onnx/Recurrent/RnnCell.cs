using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Recurrent;

//  h' = tanh(W·x + R·h + b)
internal static class RnnCell
{
    public static Value?[] Step(RecurrentCell cell, int step, Value?[] before)
    {
        var read = before[0] is { } h ? cell.OfState(step, h, 0, 1) : null;
        return [cell.Apply(step, "h", 0, cell.Sum(step, "h", cell.OfInput(step, 0, 1), read))];
    }
}
