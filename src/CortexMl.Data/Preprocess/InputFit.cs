using CortexMl.Tensors;

namespace CortexMl.Data.Preprocess;

/// <summary>Gives a sample the shape of a network's input.</summary>
internal static class InputFit
{
    /// <summary>
    /// The sample under the input's shape: [C, H, W] becomes [1, C, H, W]; planes go behind height and width where the input is [1, H, W,
    /// C]; a sample stored as [H, W] also fits [1, H, W]; an input with one dimension other than 1 takes any sample of so many elements.
    /// Null where nothing fits.
    /// </summary>
    /// <param name="flat">The sample was stored without channels.</param>
    public static Tensor<float>? Fit(Tensor<float> sample, bool flat, Shape input)
    {
        var shape = sample.Shape;
        if (shape == input || shape.Insert(0, 1) == input) return sample.Reshape(input);
        if (flat && shape.Remove(0) == input) return sample.Reshape(input);
        if (shape.Rank == 3 && input.Rank == 4 && input[0] == 1 && input[1] == shape[1] && input[2] == shape[2] && input[3] == shape[0])
            return ChannelsLast(sample).Reshape(input);
        bool isVector = input.Count(d => d != 1) <= 1;
        return isVector && input.Count == sample.Length ? sample.Reshape(input) : null;
    }

    /// <summary>[H, W, C] → [C, H, W].</summary>
    public static Tensor<float> ChannelsFirst(Tensor<float> image) =>
        Transpose(image, Shape.Of(image.Shape[2], image.Shape[0], image.Shape[1]), image.Shape[2]);

    /// <summary>[C, H, W] → [H, W, C].</summary>
    private static Tensor<float> ChannelsLast(Tensor<float> planes) =>
        Transpose(planes, Shape.Of(planes.Shape[1], planes.Shape[2], planes.Shape[0]), planes.Shape[1] * planes.Shape[2]);

    /// <summary>The matrix of <paramref name="columns"/> columns, transposed.</summary>
    private static Tensor<float> Transpose(Tensor<float> source, Shape shape, int columns)
    {
        int rows = source.Length / columns;
        var result = new float[source.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) result[column * rows + row] = source.Data[row * columns + column];
        return Tensor.Create(shape, result);
    }
}
