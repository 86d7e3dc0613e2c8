using CortexMl.Ir;

namespace CortexMl.Passes.Quantize.Clamping;

/// <summary>What a softmax can tell apart: in each row, numbers down to λ below the largest.</summary>
/// <param name="Cut">The least number that counts in some row; no number below it does in any.</param>
/// <param name="Signal">Largest magnitude of the elements that may count.</param>
internal sealed record SoftmaxRows(double Cut, double Signal)
{
    /// <summary>The largest λ that quantize takes.</summary>
    internal const double Lambda = 10;

    public UsefulRange Useful => new(Cut, double.PositiveInfinity);

    /// <summary>Null where every row is the same number throughout, so that nothing tells a mask from the rest.</summary>
    public static SoftmaxRows? Of(Operation softmax, RealBounds bounds)
    {
        var data = bounds.Of(softmax["data"]);
        var shape = data.Low.Shape;
        int axis = shape.Axis(softmax.Int("axis")), length = shape[axis], stride = shape.Strides()[axis];
        int[] rows = [.. Enumerable.Range(0, data.Low.Data.Length / length).Select(r => r / stride * stride * length + r % stride)];
        // A row that is masked throughout stays a softmax of what is left: all its elements move together.
        double[] cuts = [.. rows.Where(first => !IsFlat(data, first, length, stride)).Select(first => CutOf(data, first, length, stride))];
        if (cuts.Length == 0) return null;
        double cut = cuts.Min(), signal = 0;
        foreach (int first in rows)
        {
            double own = Math.Max(cut, CutOf(data, first, length, stride));
            for (int at = first; at < first + length * stride; at += stride)
                if (data.High.Data[at] >= own)
                    signal = Math.Max(signal, Math.Max(Math.Abs(Math.Max(data.Low.Data[at], own)), Math.Abs(data.High.Data[at])));
        }
        return new(cut, signal);
    }

    /// <summary>λ below the least that the largest element of a row can be.</summary>
    private static double CutOf(ElementBounds data, int first, int length, int stride)
    {
        double largest = double.NegativeInfinity;
        for (int at = first; at < first + length * stride; at += stride) largest = Math.Max(largest, data.Low.Data[at]);
        return largest - Lambda;
    }

    private static bool IsFlat(ElementBounds data, int first, int length, int stride)
    {
        for (int i = 1; i < length; i++)
        {
            int at = first + i * stride;
            if (data.Low.Data[at] != data.Low.Data[first] || data.High.Data[at] != data.High.Data[first]) return false;
        }
        return true;
    }
}
