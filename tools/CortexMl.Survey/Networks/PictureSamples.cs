using System.Globalization;
using System.Text.Json;
using CortexMl.Data;
using CortexMl.Data.Images;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Survey.Networks;

/// <summary>A picture with its planes [C, H, W] and its class.</summary>
internal sealed record Picture(string Name, int? Label, Func<Tensor<float>> Planes);

/// <summary>
/// Pictures of any size resized to exactly what a network takes, planes first or last, grey for one channel; then x / divisor - mean,
/// / std.
/// </summary>
/// <param name="input">Shape of the network's input.</param>
/// <param name="name">The input's.</param>
/// <param name="share">Of the shorter side, of the square that is cut from the centre before; null for the whole picture.</param>
internal sealed class PictureSamples(Shape input, string name, IReadOnlyList<Picture> pictures, Preparation preparation, double? share)
    : ISampleSource
{
    private readonly bool _isLast = input.Rank == 4 && input[3] is 1 or 3 && input[1] is not (1 or 3);

    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(pictures.Count, "picture")}, resized to {input}");

    public int Count => pictures.Count;

    public string Preparation => preparation.Preprocessing.ToJson();

    /// <summary>Pixels, resized or not.</summary>
    public string Observed => JsonSerializer.Serialize(new[] { new { input = name, type = "u8" } });

    public static IReadOnlyList<Picture> Of(string folder, Func<string, int?> label) =>
    [
        .. Directory.EnumerateFiles(folder).Where(ImageFile.HasImageName).Order(StringComparer.Ordinal)
            .Select(path => new Picture(Path.GetFileName(path), label(path), () => Floats(ImageFile.Read(path)))),
    ];

    public static IReadOnlyList<Picture> Of(DataOptions stored, Shape shape) =>
    [
        .. SampleSource.Open(stored, [("image", shape.Insert(0, 1))]).Read()
            .Select(s => new Picture(s.Name, null, () => s.Inputs[0].Reshape(shape))),
    ];

    public IEnumerable<Sample> Read()
    {
        if (input.Rank != 4)
            throw new DiagnosticException(DataCodes.ShapeMismatch, $"pictures are no samples for an input {input}",
                hint: "give the network another kind of data in preparations.json");
        foreach (var picture in pictures)
            yield return new([Fitted(picture.Planes())], picture.Label + preparation.FirstClass, picture.Name);
    }

    private Tensor<float> Fitted(Tensor<float> planes)
    {
        int channels = _isLast ? input[3] : input[1], height = input[_isLast ? 1 : 2], width = input[_isLast ? 2 : 3];
        if (share is { } part) planes = Bilinear.Centre(planes, part);
        planes = Bilinear.Resize(planes, height, width);
        int area = height * width, stored = planes.Shape[0];
        var result = new float[channels * area];
        for (int c = 0; c < channels; c++)
            for (int i = 0; i < area; i++) result[_isLast ? i * channels + c : c * area + i] = Prepared(Channel(c, i), c);
        return Tensor.Create(input, result);

        // Grey is the mean of the colours, and stands for each of them.
        float Channel(int c, int i)
        {
            if (channels <= stored && channels != 1) return planes.Data[c * area + i];
            float sum = 0;
            for (int k = 0; k < stored; k++) sum += planes.Data[k * area + i];
            return sum / stored;
        }
    }

    private float Prepared(float x, int channel) =>
        (float)((x / preparation.Divisor - At(preparation.Mean, channel, 0)) / At(preparation.Std, channel, 1));

    private static double At(IReadOnlyList<double> values, int channel, double other) =>
        values.Count == 0 ? other : values[Math.Min(channel, values.Count - 1)];

    private static Tensor<float> Floats(Tensor<byte> planes) => Tensor.Create(planes.Shape, Array.ConvertAll(planes.Data, x => (float)x));
}

/// <summary>Planes f32[C, H, W] of another size: bilinear, sampled at pixel centres without smoothing.</summary>
internal static class Bilinear
{
    public static Tensor<float> Resize(Tensor<float> planes, int height, int width)
    {
        int channels = planes.Shape[0], oldHeight = planes.Shape[1], oldWidth = planes.Shape[2];
        var result = new float[channels * height * width];
        for (int c = 0, at = 0; c < channels; c++)
        {
            var plane = planes.Data.AsSpan(c * oldHeight * oldWidth, oldHeight * oldWidth);
            for (int y = 0; y < height; y++)
            {
                var (top, bottom, down) = Taps(y, oldHeight, height);
                for (int x = 0; x < width; x++)
                {
                    var (left, right, across) = Taps(x, oldWidth, width);
                    float upper = Mix(plane[top * oldWidth + left], plane[top * oldWidth + right], across);
                    float lower = Mix(plane[bottom * oldWidth + left], plane[bottom * oldWidth + right], across);
                    result[at++] = MathF.Floor(Mix(upper, lower, down) + 0.5f);
                }
            }
        }
        return Tensor.Create(Shape.Of(channels, height, width), result);
    }

    /// <summary>The square in the middle, whose side is a share of the shorter one.</summary>
    public static Tensor<float> Centre(Tensor<float> planes, double share)
    {
        int channels = planes.Shape[0], height = planes.Shape[1], width = planes.Shape[2];
        int side = (int)Math.Round(Math.Min(height, width) * share), top = (height - side) / 2, left = (width - side) / 2;
        var result = new float[channels * side * side];
        for (int row = 0; row < channels * side; row++)
            planes.Data.AsSpan((row / side * height + top + row % side) * width + left, side).CopyTo(result.AsSpan(row * side));
        return Tensor.Create(Shape.Of(channels, side, side), result);
    }

    private static float Mix(float a, float b, float share) => a + (b - a) * share;

    private static (int First, int Second, float Share) Taps(int i, int oldSize, int newSize)
    {
        double position = Math.Clamp((i + 0.5) * oldSize / newSize - 0.5, 0, oldSize - 1);
        int first = (int)position;
        return (first, Math.Min(first + 1, oldSize - 1), (float)(position - first));
    }
}
