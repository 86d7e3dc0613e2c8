using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Serve.Looking;

/// <summary>Pictures of another size or with other channels than a network takes: what makes them fit.</summary>
internal static class SampleFit
{
    private const double FullByte = 255;

    /// <summary>Nothing where the first sample fits as it is, is no picture of bytes, or cannot be read.</summary>
    public static Preprocessing Of(Model model, string data)
    {
        if (model.Inputs is not [var input] || PictureShape.Of(input.Shape) is not { } picture) return Preprocessing.None;
        try
        {
            var stored = SampleSource.Open(new(data) { Limit = 1 }, model.Inputs).Stored([0])?.FirstOrDefault()?.Tensor;
            if (stored is not Tensor<byte> || stored.Shape.Rank != 3 || stored.Shape[0] is not (1 or 3)) return Preprocessing.None;
            bool hasSize = stored.Shape[1] == picture.Height && stored.Shape[2] == picture.Width;
            bool hasChannels = stored.Shape[0] == picture.Channels;
            // Only squares can be cut.
            if ((hasSize && hasChannels) || (!hasSize && picture.Width != picture.Height)) return Preprocessing.None;
            return new()
            {
                Resize = hasSize ? null : picture.Width, Crop = hasSize ? null : picture.Width,
                Channels = hasChannels ? null : picture.Channels == 1 ? ChannelOrder.Gray : ChannelOrder.Rgb, Scale = 1 / FullByte,
            };
        }
        catch (DiagnosticException)
        {
            // Previews tell it.
            return Preprocessing.None;
        }
    }
}
