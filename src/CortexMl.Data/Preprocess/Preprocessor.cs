using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data.Preprocess;

/// <summary>Applies <see cref="Preprocessing"/> to stored samples and gives them the shape of a network's input.</summary>
/// <param name="input">Shape of the graph input, batch included.</param>
/// <param name="inputName">For messages.</param>
public sealed class Preprocessor(Preprocessing options, Shape input, string inputName)
{
    /// <param name="name">What messages call the sample.</param>
    /// <exception cref="DiagnosticException">
    /// CML0803 it does not fit the input, CML0804 not finite, CML0807 the options do not fit it.
    /// </exception>
    public Tensor<float> Apply(Tensor sample, string name)
    {
        var result = Prepare(sample, options, name);
        return InputFit.Fit(result, sample.Shape.Rank == 2, input) ?? throw Mismatch(sample.Shape, result.Shape, name);
    }

    /// <summary>The sample as f32, preprocessed: [C, H, W] of one that is [H, W], [C, H, W] or [H, W, C], else its own shape.</summary>
    /// <exception cref="DiagnosticException">CML0804 not finite, CML0807 the options do not fit it.</exception>
    public static Tensor<float> Prepare(Tensor sample, Preprocessing options, string name)
    {
        var values = sample.DType == DType.F32
            ? Tensor.Create(sample.Shape, (float[])((Tensor<float>)sample).Data.Clone())
            : sample.ToFloat();
        CheckFinite(values, name);
        var planes = AsPlanes(values, options, name);
        if (planes is null) NeedsPlanes(values.Shape, options, name);
        else planes = ChangeChannels(ChangeSize(planes, options, name, sample.DType == DType.U8), options, name);
        var result = planes ?? values;
        if (options.Invert == true) Invert(result.Data);
        Normalise(result.Data, planes?.Shape, options, name);
        CheckFinite(result, name);
        return result;
    }

    /// <summary>f32[C, H, W] of a sample that is [H, W], [C, H, W] or [H, W, C]; null for another rank.</summary>
    private static Tensor<float>? AsPlanes(Tensor<float> values, Preprocessing options, string name)
    {
        var shape = values.Shape;
        while (shape.Rank > 3 && shape[0] == 1) shape = shape.Remove(0);
        if (shape.Rank is < 2 or > 3) return null;
        if (shape.Count == 0) throw new DiagnosticException(DataCodes.Empty, $"{name} has no elements: its shape is {shape}");
        if (shape.Rank == 2) return values.Reshape(shape.Insert(0, 1));
        return options.Layout == DataLayout.Nhwc ? InputFit.ChannelsFirst(values.Reshape(shape)) : values.Reshape(shape);
    }

    private static void NeedsPlanes(Shape shape, Preprocessing options, string name)
    {
        if (options.Resize is not null || options.Crop is not null || options.Channels is not null)
            throw new DiagnosticException(
                DataCodes.Preprocessing, $"--resize, --crop and --channels work on images, but {name} has shape {shape}");
    }

    private static Tensor<float> ChangeSize(Tensor<float> planes, Preprocessing options, string name, bool isBytes)
    {
        if (options.Resize is { } side)
        {
            int height = planes.Shape[1], width = planes.Shape[2];
            if ((double)side * side * Math.Max(height, width) / Math.Min(height, width) * planes.Shape[0] > 1 << 26)
                throw new DiagnosticException(DataCodes.Preprocessing,
                    string.Create(CultureInfo.InvariantCulture, $"--resize {side} makes {name} too large: it is {width} x {height}"));
            planes = Geometry.ResizeShortSide(planes, side);
            if (isBytes) Geometry.RoundToBytes(planes);
        }
        if (options.Crop is not { } crop) return planes;
        if (planes.Shape[1] < crop || planes.Shape[2] < crop)
            throw new DiagnosticException(DataCodes.Preprocessing,
                string.Create(CultureInfo.InvariantCulture, $"--crop {crop} is larger than {name}: {planes.Shape[2]} x {planes.Shape[1]}"),
                hint: "resize first: --resize 256 --crop 224");
        return Geometry.CropCentre(planes, crop);
    }

    private static Tensor<float> ChangeChannels(Tensor<float> planes, Preprocessing options, string name)
    {
        int channels = planes.Shape[0], size = planes.Shape[1] * planes.Shape[2];
        if (options.Channels is { } wanted)
        {
            if (channels is not (1 or 3))
                throw new DiagnosticException(DataCodes.Preprocessing,
                    string.Create(CultureInfo.InvariantCulture, $"--channels needs 1 or 3 channels, but {name} has {channels}"),
                    hint: LayoutHint(planes.Shape, options, 1, 3));
            int[] order = (wanted, channels) switch
            {
                (ChannelOrder.Gray, 1) => [0],
                (ChannelOrder.Gray, _) => [],
                (_, 1) => [0, 0, 0],
                (ChannelOrder.Bgr, _) => [2, 1, 0],
                _ => [0, 1, 2],
            };
            var data = order.Length == 0 ? Luma(planes.Data, size) : [.. order.SelectMany(c => planes.Data[(c * size)..((c + 1) * size)])];
            planes = Tensor.Create(planes.Shape.With(0, data.Length / size), data);
        }
        return planes;
    }

    private static void Invert(float[] data)
    {
        for (int i = 0; i < data.Length; i++) data[i] = 255 - data[i];
    }

    /// <summary>Weights of ITU-R BT.601.</summary>
    private static float[] Luma(float[] rgb, int size)
    {
        var gray = new float[size];
        for (int i = 0; i < size; i++) gray[i] = 0.299f * rgb[i] + 0.587f * rgb[size + i] + 0.114f * rgb[2 * size + i];
        return gray;
    }

    private static void Normalise(float[] data, Shape? planes, Preprocessing options, string name)
    {
        int channels = planes?[0] ?? 1;
        int size = data.Length / Math.Max(1, channels);
        int wanted = Math.Max(options.Mean.Length, options.Std.Length);
        if (wanted > 1 && wanted != channels)
            throw new DiagnosticException(DataCodes.Preprocessing,
                string.Create(CultureInfo.InvariantCulture,
                    $"--mean and --std have {Counted.Of(wanted, "value")}, but {name} has {Counted.Of(channels, "channel")}"),
                hint: planes is null ? null : LayoutHint(planes, options, wanted));
        float scale = (float)(options.Scale ?? 1);
        for (int c = 0; c < channels; c++)
        {
            float mean = options.Mean.Length == 0 ? 0 : (float)options.Mean[Math.Min(c, options.Mean.Length - 1)];
            float std = options.Std.Length == 0 ? 1 : (float)options.Std[Math.Min(c, options.Std.Length - 1)];
            var plane = data.AsSpan(c * size, size);
            for (int i = 0; i < plane.Length; i++) plane[i] = (plane[i] * scale - mean) / std;
        }
    }

    /// <summary>Says where the channels are, where planes have so many on another axis than that of channels.</summary>
    private static string? LayoutHint(Shape planes, Preprocessing options, params int[] wanted) =>
        options.Layout == DataLayout.Nhwc && wanted.Contains(planes[1]) ? "say where the channels are: --layout nchw"
        : options.Layout != DataLayout.Nhwc && wanted.Contains(planes[2]) ? "say where the channels are: --layout nhwc" : null;

    private static void CheckFinite(Tensor<float> values, string name)
    {
        int at = Array.FindIndex(values.Data, v => !float.IsFinite(v));
        if (at >= 0)
            throw new DiagnosticException(DataCodes.NotFinite,
                string.Create(CultureInfo.InvariantCulture, $"{name} holds {values.Data[at]} at element {at}; every number must be finite"),
                hint: "repair the data");
    }

    private DiagnosticException Mismatch(Shape stored, Shape result, string name)
    {
        string became = stored == result ? "" : $", {result} after preprocessing";
        bool channels = result.Rank == 3 && input.Rank == 4 && result[0] is 1 or 3 && input[1] is 1 or 3 && result[0] != input[1];
        string hint = channels ? $"change the channels: --channels {(input[1] == 1 ? "gray" : "rgb")}"
            : result.Rank == 3 && input.Rank == 4 && result[2] == input[1] ? "say where the channels are: --layout nhwc"
            : result.Rank == 3
                ? "resize or cut the images: --resize and --crop, or --shape for raw data"
                : "save the data in the shape that the network takes";
        return new DiagnosticException(
            DataCodes.ShapeMismatch, $"{name} has shape {stored}{became}; input '{inputName}' takes {input}", hint: hint);
    }
}
