using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>
/// Additions of and multiplications by constants that are all that happens to a graph input first: result = input · factor + offset, one
/// pair of numbers for each index of an axis.
/// </summary>
internal sealed class InputScale
{
    /// <summary>More indices than any table of columns has.</summary>
    private const int MostIndices = 1 << 16;

    private readonly Value _input;

    private InputScale(Value input, int axis)
    {
        int count = input.Type.Shape[axis];
        (_input, Axis, Result) = (input, axis, input);
        (Factor, Offset) = ([.. Enumerable.Repeat(1.0, count)], new double[count]);
    }

    public int Axis { get; }

    /// <summary>The last value of the chain; the input itself where there is none.</summary>
    public Value Result { get; private set; }

    public double[] Factor { get; }

    public double[] Offset { get; }

    /// <summary>The longest chain; null where the input is of rank 0, or its factors are not all finite and above or below 0.</summary>
    public static InputScale? Of(Value input)
    {
        var shape = input.Type.Shape;
        InputScale? longest = null;
        for (int axis = shape.Rank - 1; axis >= 0; axis--)
        {
            if (shape[axis] > MostIndices) continue;
            var scale = new InputScale(input, axis);
            int length = 0;
            while (scale.Result is { HasOneUse: true, IsOutput: false } value && scale.Takes(value.Uses[0].User!, value.Uses[0].Index))
                (scale.Result, length) = (value.Uses[0].User!.Result, length + 1);
            if (length > 0 && (longest is null || length > longest.Length)) (longest, scale.Length) = (scale, length);
        }
        bool isInvertible = longest is not null && longest.Factor.All(f => f != 0 && double.IsFinite(1 / f))
            && longest.Factor.Concat(longest.Offset).All(double.IsFinite);
        return isInvertible ? longest : null;
    }

    /// <summary>Operations of the chain.</summary>
    private int Length { get; set; }

    private bool Takes(Operation op, int index)
    {
        if (op.Spec == NnConv.BatchNorm) return Normalises(op);
        if (op.Spec == NnUnary.Neg) return Maps((_, f) => (-f.Factor, -f.Offset), null);
        bool isKnown = op.Spec == NnBinary.Add || op.Spec == NnBinary.Sub || op.Spec == NnBinary.Mul
            || (op.Spec == NnBinary.Div && index == 0);
        if (!isKnown || op.Operands[1 - index].AlongAxis(_input.Type.Shape, Axis) is not { } constant) return false;
        if (op.Spec == NnBinary.Add) return Maps((c, f) => (f.Factor, f.Offset + c), constant);
        if (op.Spec == NnBinary.Sub)
            return index == 0 ? Maps((c, f) => (f.Factor, f.Offset - c), constant) : Maps((c, f) => (-f.Factor, c - f.Offset), constant);
        return op.Spec == NnBinary.Mul ? Maps((c, f) => (f.Factor * c, f.Offset * c), constant)
            : Maps((c, f) => (f.Factor / c, f.Offset / c), constant);
    }

    private bool Normalises(Operation op)
    {
        if (op["data"].Type.Shape.Axis(op.Int("axis")) != Axis) return false;
        if (op["gamma"].Floats() is not { } gamma || op["beta"].Floats() is not { } beta || op["mean"].Floats() is not { } mean
            || op["var"].Floats() is not { } variance) return false;
        for (int i = 0; i < Factor.Length; i++)
        {
            double scale = gamma[i] / Math.Sqrt(variance[i] + op.Float("epsilon"));
            (Factor[i], Offset[i]) = (Factor[i] * scale, (Offset[i] - mean[i]) * scale + beta[i]);
        }
        return true;
    }

    private bool Maps(Func<double, (double Factor, double Offset), (double, double)> map, float[]? constants)
    {
        for (int i = 0; i < Factor.Length; i++) (Factor[i], Offset[i]) = map(constants?[i] ?? 0, (Factor[i], Offset[i]));
        return true;
    }
}
