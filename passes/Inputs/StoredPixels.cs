using System.Text.Json;
using CortexMl.Passes.Calibrate;
using CortexMl.Tensors;

namespace CortexMl.Passes.Inputs;

/// <summary>Whether an input was calibrated on pixels of 8 bits, by what the calibration says of its data.</summary>
internal static class StoredPixels
{
    private const double Greatest = 255;

    /// <returns>Null where the data were others, or their channels cannot be told.</returns>
    public static CenteringChoice? Of(CalibrationFile file, string input, Shape shape, ValueSummary seen)
    {
        if (!AreBytes(file.CalibratedOn, input)) return null;
        using var prepared = JsonDocument.Parse(file.Preparation);
        var root = prepared.RootElement;
        double scale = Numbers(root, "scale") is [var said] ? said : 1;
        double[] means = Numbers(root, "mean"), stds = Numbers(root, "std");
        int channels = Math.Max(1, Math.Max(means.Length, stds.Length));
        // Means of one value are that of all channels, as in preparing.
        double[] mean = Spread(means, 0, channels), std = Spread(stds, 1, channels);
        int? axis = channels == 1 ? null : ChannelAxis(shape, channels);
        if (scale <= 0 || std.Any(s => s <= 0) || (channels > 1 && axis is null)) return null;
        var choice = CenteringChoice.OfPixels(axis, scale, mean, std);
        double least = mean.Zip(std, (m, s) => -m / s).Min(), greatest = mean.Zip(std, (m, s) => (Greatest * scale - m) / s).Max();
        double slack = (greatest - least) / Greatest;
        return seen.Min >= least - slack && seen.Max <= greatest + slack ? choice : null;
    }

    private static bool AreBytes(string calibratedOn, string input)
    {
        using var facts = JsonDocument.Parse(calibratedOn);
        return facts.RootElement.ValueKind == JsonValueKind.Array && facts.RootElement.EnumerateArray().Any(fact =>
            fact.ValueKind == JsonValueKind.Object && IsText(fact, "input", input) && IsText(fact, "type", "u8"));
    }

    private static bool IsText(JsonElement owner, string field, string text) =>
        owner.TryGetProperty(field, out var found) && found.ValueKind == JsonValueKind.String && found.ValueEquals(text);

    private static double[] Spread(double[] numbers, double otherwise, int channels) =>
        [.. Enumerable.Range(0, channels).Select(c => numbers.Length == 0 ? otherwise : numbers[Math.Min(c, numbers.Length - 1)])];

    /// <summary>Behind the batch or at the end; null where it might be either.</summary>
    private static int? ChannelAxis(Shape shape, int channels) => shape.Rank != 4 || shape[1] == channels == (shape[3] == channels) ? null
        : shape[1] == channels ? 1 : 3;

    private static double[] Numbers(JsonElement owner, string field)
    {
        if (!owner.TryGetProperty(field, out var found)) return [];
        var all = found.ValueKind == JsonValueKind.Array ? found.EnumerateArray() : default;
        return found.ValueKind == JsonValueKind.Number ? [found.GetDouble()] : [.. all.Select(number => number.GetDouble())];
    }
}
