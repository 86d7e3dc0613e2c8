using CortexMl.Tensors;

namespace CortexMl.Data.Images;

/// <summary>A stored sample as a small picture.</summary>
public static class Thumbnail
{
    /// <summary>What is smaller or larger is no picture to look at.</summary>
    private const int LeastSide = 4, MostSide = 1 << 14;

    /// <summary>
    /// Means over squares of pixels. Bytes are shown as they are; other numbers from the sample's least to its greatest, black to white.
    /// </summary>
    /// <param name="sample">[H, W], [1, H, W] or [3, H, W], behind axes of one.</param>
    /// <param name="side">Longest side of the result in pixels.</param>
    /// <returns>u8[1, h, w] or u8[3, h, w]; null for a sample of another shape, or with numbers that are not finite.</returns>
    public static Tensor<byte>? Of(Tensor sample, int side)
    {
        var shape = sample.Shape;
        while (shape.Rank > 3 && shape[0] == 1) shape = shape.Remove(0);
        if (shape.Rank == 2) shape = shape.Insert(0, 1);
        if (shape.Rank != 3 || shape[0] is not (1 or 3)) return null;
        int height = shape[1], width = shape[2];
        if (Math.Min(height, width) < LeastSide || Math.Max(height, width) > MostSide) return null;
        if (Level(sample) is not { } level) return null;
        int step = Math.Max(1, (Math.Max(height, width) + side - 1) / side);
        int rows = (height + step - 1) / step, columns = (width + step - 1) / step;
        byte[] planes = new byte[shape[0] * rows * columns];
        for (int i = 0; i < planes.Length; i++)
        {
            int plane = i / (rows * columns), top = i / columns % rows * step, left = i % columns * step;
            int bottom = Math.Min(height, top + step), right = Math.Min(width, left + step), sum = 0;
            for (int y = top; y < bottom; y++)
                for (int x = left; x < right; x++) sum += level((plane * height + y) * width + x);
            planes[i] = (byte)(sum / ((bottom - top) * (right - left)));
        }
        return Tensor.Create(Shape.Of(shape[0], rows, columns), planes);
    }

    /// <summary>From an element's index to 0 to 255; null where an element is not finite.</summary>
    private static Func<int, byte>? Level(Tensor sample)
    {
        if (sample is Tensor<byte> bytes) return i => bytes.Data[i];
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int i = 0; i < sample.Length; i++)
        {
            double value = sample.GetDouble(i);
            if (!double.IsFinite(value)) return null;
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }
        return i => high > low ? (byte)((sample.GetDouble(i) - low) / (high - low) * byte.MaxValue) : (byte)0;
    }
}
