using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CortexMl.Data.Sources;
using CortexMl.Diagnostics;

namespace CortexMl.Data.Preprocess;

public enum ChannelOrder { Rgb, Bgr, Gray }

/// <summary>Where the data's arrays keep their channels: before height and width, or behind. Image files need no word about it.</summary>
public enum DataLayout { Nchw, Nhwc }

/// <summary>
/// What happens to a stored sample on its way to the network, in this order: resize, crop, channels, invert, then x · scale, - mean, /
/// std in float32. Stored with the compiled model. What is null or empty was not said, and nothing is done.
/// </summary>
public sealed record Preprocessing
{
    public static readonly Preprocessing None = new();

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Length of the shorter side after bilinear resizing, in pixels.</summary>
    public int? Resize { get; init; }

    /// <summary>Side of the square that is cut from the centre, in pixels.</summary>
    public int? Crop { get; init; }

    /// <summary>What the network takes; null leaves the data's channels alone.</summary>
    public ChannelOrder? Channels { get; init; }

    /// <summary>255 - x: white on black for black on white.</summary>
    public bool? Invert { get; init; }

    public DataLayout? Layout { get; init; }

    public double? Scale { get; init; }

    /// <summary>One value, or one per channel as the network takes them; empty for none.</summary>
    public ImmutableArray<double> Mean { get; init; } = [];

    public ImmutableArray<double> Std { get; init; } = [];

    /// <summary>These options, each but those that <paramref name="said"/> says too, which are taken from there.</summary>
    public Preprocessing With(Preprocessing said) => new()
    {
        Resize = said.Resize ?? Resize, Crop = said.Crop ?? Crop, Channels = said.Channels ?? Channels, Invert = said.Invert ?? Invert,
        Layout = said.Layout ?? Layout, Scale = said.Scale ?? Scale,
        Mean = said.Mean.IsEmpty ? Mean : said.Mean, Std = said.Std.IsEmpty ? Std : said.Std,
    };

    /// <summary>What is done to the samples of a source: the layout is that of arrays alone.</summary>
    internal Preprocessing For(IRawSource source) => source.HasPlanes ? this with { Layout = null } : this;

    /// <summary>Only what is set: <c>{"scale":0.00392156862745098}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(StoredPreprocessing.Of(this), Json);

    /// <exception cref="DiagnosticException">CML0807.</exception>
    public static Preprocessing FromJson(string json)
    {
        try
        {
            return Checked((JsonSerializer.Deserialize<StoredPreprocessing>(json, Json) ?? new()).ToPreprocessing());
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(DataCodes.Preprocessing, $"the stored preprocessing cannot be read: {JsonProblem.Of(error)}");
        }
    }

    /// <summary>The same, after a look at every value.</summary>
    /// <exception cref="DiagnosticException">CML0807, every problem at once.</exception>
    public static Preprocessing Checked(Preprocessing options)
    {
        var problems = new DiagnosticBag();
        void Require(bool ok, string message)
        {
            if (!ok) problems.Error(DataCodes.Preprocessing, message);
        }
        Require(options.Resize is null or (> 0 and <= 65_536), "--resize takes a number of pixels from 1 to 65536");
        Require(options.Crop is null or (> 0 and <= 65_536), "--crop takes a number of pixels from 1 to 65536");
        Require(options.Resize is null || options.Crop is null || options.Crop <= options.Resize,
            string.Create(CultureInfo.InvariantCulture, $"--crop {options.Crop} does not fit into --resize {options.Resize}"));
        Require(options.Scale is null || (double.IsFinite(options.Scale.Value) && options.Scale != 0), "--scale must be finite and not 0");
        Require(options.Mean.All(double.IsFinite), "--mean must be finite");
        Require(options.Std.All(v => double.IsFinite(v) && (float)v > 0), "--std must be finite and above 0");
        Require(options.Mean.Length <= 1 || options.Std.Length <= 1 || options.Mean.Length == options.Std.Length,
            $"--mean has {Counted.Of(options.Mean.Length, "value")}, --std {options.Std.Length}");
        problems.ThrowIfErrors();
        return options;
    }

    public bool Equals(Preprocessing? other) => other is not null && ToJson() == other.ToJson();

    public override int GetHashCode() => ToJson().GetHashCode(StringComparison.Ordinal);

    /// <summary>
    /// As the command line spells it: <c>--resize 256 --crop 224 --scale 0.00392156862745098</c>; empty where nothing is done.
    /// </summary>
    public override string ToString() => string.Join(' ', Spelled());

    /// <summary>Option by option, in the order in which they are applied; those too that were said to do nothing.</summary>
    internal IEnumerable<string> Spelled()
    {
        if (Resize is { } resize) yield return string.Create(CultureInfo.InvariantCulture, $"--resize {resize}");
        if (Crop is { } crop) yield return string.Create(CultureInfo.InvariantCulture, $"--crop {crop}");
        if (Channels is { } channels) yield return $"--channels {channels.ToString().ToLowerInvariant()}";
        if (Invert is { } invert) yield return invert ? "--invert" : "--invert false";
        if (Layout is { } layout) yield return $"--layout {layout.ToString().ToLowerInvariant()}";
        if (Scale is { } scale) yield return $"--scale {ScalarText.Format(scale)}";
        if (!Mean.IsEmpty) yield return $"--mean {string.Join(',', Mean.Select(Numerics.Numbers.Format))}";
        if (!Std.IsEmpty) yield return $"--std {string.Join(',', Std.Select(Numerics.Numbers.Format))}";
    }

    /// <summary>The JSON form: absent means not set.</summary>
    private sealed record StoredPreprocessing
    {
        public int? Resize { get; init; }

        public int? Crop { get; init; }

        public ChannelOrder? Channels { get; init; }

        public bool? Invert { get; init; }

        public DataLayout? Layout { get; init; }

        public double? Scale { get; init; }

        public double[]? Mean { get; init; }

        public double[]? Std { get; init; }

        public static StoredPreprocessing Of(Preprocessing p) => new()
        {
            Resize = p.Resize, Crop = p.Crop, Channels = p.Channels, Invert = p.Invert == true ? true : null, Scale = p.Scale,
            Layout = p.Layout == DataLayout.Nhwc ? DataLayout.Nhwc : null,
            Mean = p.Mean.IsEmpty ? null : [.. p.Mean], Std = p.Std.IsEmpty ? null : [.. p.Std],
        };

        public Preprocessing ToPreprocessing() => new()
        {
            Resize = Resize, Crop = Crop, Channels = Channels, Invert = Invert, Layout = Layout, Scale = Scale,
            Mean = [.. Mean ?? []], Std = [.. Std ?? []],
        };
    }
}
