using CortexMl.Tensors;

namespace CortexMl.Data.Preprocess;

/// <summary>Resizing and cropping of planes f32[C, H, W].</summary>
internal static class Geometry
{
    /// <summary>
    /// Bilinear, sampled at pixel centres without smoothing, so that the shorter side becomes <paramref name="side"/>; the other one
    /// keeps the proportion, rounded down.
    /// </summary>
    public static Tensor<float> ResizeShortSide(Tensor<float> image, int side)
    {
        int height = image.Shape[1], width = image.Shape[2], shorter = Math.Min(height, width);
        if (shorter == side) return image;
        return Resize(image, (int)((long)height * side / shorter), (int)((long)width * side / shorter));
    }

    /// <summary>Pixels of 8 bits stay pixels of 8 bits, as the usual image libraries resize them and as a chain's inputs are.</summary>
    public static void RoundToBytes(Tensor<float> image)
    {
        for (int i = 0; i < image.Length; i++) image.Data[i] = MathF.Floor(image.Data[i] + 0.5f);
    }

    public static Tensor<float> CropCentre(Tensor<float> image, int side)
    {
        int channels = image.Shape[0], height = image.Shape[1], width = image.Shape[2];
        int top = (height - side) / 2, left = (width - side) / 2;
        var result = new float[channels * side * side];
        for (int row = 0; row < channels * side; row++)
        {
            int source = (row / side * height + top + row % side) * width + left;
            image.Data.AsSpan(source, side).CopyTo(result.AsSpan(row * side));
        }
        return Tensor.Create(Shape.Of(channels, side, side), result);
    }

    private static Tensor<float> Resize(Tensor<float> image, int height, int width)
    {
        int channels = image.Shape[0], oldHeight = image.Shape[1], oldWidth = image.Shape[2];
        var rows = Taps(oldHeight, height);
        var columns = Taps(oldWidth, width);
        var result = new float[channels * height * width];
        int at = 0;
        for (int c = 0; c < channels; c++)
        {
            var plane = image.Data.AsSpan(c * oldHeight * oldWidth, oldHeight * oldWidth);
            foreach (var (top, bottom, down) in rows)
            {
                foreach (var (left, right, across) in columns)
                {
                    float upper = Mix(plane[top * oldWidth + left], plane[top * oldWidth + right], across);
                    float lower = Mix(plane[bottom * oldWidth + left], plane[bottom * oldWidth + right], across);
                    result[at++] = Mix(upper, lower, down);
                }
            }
        }
        return Tensor.Create(Shape.Of(channels, height, width), result);
    }

    private static float Mix(float a, float b, float share) => a + (b - a) * share;

    /// <summary>For each new position the two old ones between which it lies, and the share of the second.</summary>
    private static (int First, int Second, float Share)[] Taps(int oldSize, int newSize)
    {
        var taps = new (int, int, float)[newSize];
        for (int i = 0; i < newSize; i++)
        {
            double position = Math.Clamp((i + 0.5) * oldSize / newSize - 0.5, 0, oldSize - 1);
            int first = (int)position;
            taps[i] = (first, Math.Min(first + 1, oldSize - 1), (float)(position - first));
        }
        return taps;
    }
}
