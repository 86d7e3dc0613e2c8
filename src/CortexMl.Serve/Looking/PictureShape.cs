using CortexMl.Tensors;

namespace CortexMl.Serve.Looking;

/// <summary>An input that is a picture: what can be shown of it, and drawn for it.</summary>
/// <param name="IsLast">Whether channels stand behind height and width.</param>
internal sealed record PictureShape(int Channels, int Height, int Width, bool IsLast)
{
    private const int LeastSide = 4, MostSide = 1024;

    /// <summary>Null for an input that is none. A square of numbers in a row is taken for grey pixels.</summary>
    public static PictureShape? Of(Shape input)
    {
        var shape = input.Rank > 1 && input[0] == 1 ? input.Remove(0) : input;
        while (shape.Rank > 3 && shape[0] == 1) shape = shape.Remove(0);
        var found = shape.Rank switch
        {
            3 when shape[0] is 1 or 3 => new PictureShape(shape[0], shape[1], shape[2], false),
            3 when shape[2] is 1 or 3 => new PictureShape(shape[2], shape[0], shape[1], true),
            2 => new PictureShape(1, shape[0], shape[1], false),
            1 when Math.Sqrt(shape[0]) is var side && side == Math.Floor(side) => new PictureShape(1, (int)side, (int)side, false),
            _ => null,
        };
        return found is { Height: >= LeastSide and <= MostSide, Width: >= LeastSide and <= MostSide } ? found : null;
    }

    /// <summary>The numbers as [C, H, W].</summary>
    public Tensor<float> Planes(Tensor<float> values)
    {
        if (!IsLast) return values.Reshape(Shape.Of(Channels, Height, Width));
        float[] planes = new float[values.Length];
        for (int i = 0; i < planes.Length; i++) planes[i % Channels * Height * Width + i / Channels] = values.Data[i];
        return Tensor.Create(Shape.Of(Channels, Height, Width), planes);
    }
}
