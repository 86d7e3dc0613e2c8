using CortexMl.Data;
using CortexMl.Data.Preprocess;

namespace CortexMl.Diagnosing;

/// <summary>A preparation that networks are often trained with, or that is often got wrong.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Preprocessing">The options that make it, for these data.</param>
internal sealed record Treatment(string Name, Preprocessing Preprocessing);

/// <summary>The usual preparations and mistakes, starting from the one that is given.</summary>
internal static class Treatments
{
    private static readonly double[] ImageNetMean = [0.485, 0.456, 0.406], ImageNetStd = [0.229, 0.224, 0.225];
    private static readonly double[] CifarMean = [0.4914, 0.4822, 0.4465], CifarStd = [0.2023, 0.1994, 0.201];

    /// <summary>BGR, as Caffe's networks take it: the mean of each channel in 0..255.</summary>
    private static readonly double[] CaffeMean = [103.939, 116.779, 123.68];

    /// <summary>What the numbers become; channels, layout and inversion stay as they are given. The given one is the first.</summary>
    public static IReadOnlyList<Treatment> Numbers(Preprocessing given, KeptSamples data)
    {
        double unit = data.Unit() ?? 255;
        int channels = given.Channels switch { null => data.Channels(given.Layout), ChannelOrder.Gray => 1, _ => 3 };
        Treatment To(string name, double full, double[]? mean = null, double[]? std = null) => new(name, given with
        {
            Scale = full == unit ? null : full / unit,
            Mean = [.. mean ?? []],
            Std = [.. std ?? []],
        });
        List<Treatment> all =
        [
            new("as given", given),
            new("numbers as they are", given with { Scale = null, Mean = [], Std = [] }),
            To("0..1", 1),
            To("0..255", 255),
            To("-1..1", 2, [1]),
            new("-128..127", To("", 255, [128]).Preprocessing),
            To("(x - 128) / 128", 255, [128], [128]),
            To("(x - 127) / 128", 255, [127], [128]),
            To("x / 128", 255.0 / 128),
        ];
        if (channels == 3)
        {
            all.Add(To("ImageNet mean and std", 1, ImageNetMean, ImageNetStd));
            all.Add(To("CIFAR-10 mean and std", 1, CifarMean, CifarStd));
            var caffe = To("mean of 0..255, BGR (Caffe)", 255, CaffeMean);
            all.Add(caffe with { Preprocessing = caffe.Preprocessing with { Channels = ChannelOrder.Bgr } });
        }
        if (channels == 1) all.Add(To("MNIST mean and std", 1, [0.1307], [0.3081]));
        all.AddRange(OfGiven(given, unit));
        return [.. all.DistinctBy(t => t.Preprocessing.ToString())];
    }

    /// <summary>The given numbers with one thing too much, too little, or in the wrong unit.</summary>
    private static IEnumerable<Treatment> OfGiven(Preprocessing given, double unit)
    {
        bool centred = !given.Mean.IsEmpty || !given.Std.IsEmpty;
        if (centred) yield return new("as given without mean and std (normalised twice)", given with { Mean = [], Std = [] });
        if (!given.Mean.IsEmpty && !given.Std.IsEmpty) yield return new("as given without std", given with { Std = [] });
        if (given.Scale is not null) yield return new("as given without scale (scaled twice)", given with { Scale = null });
        if (centred && given.Scale is null) yield return new("as given, of 0..1", given with { Scale = 1 / unit });
        if (centred && given.Scale is { } scale)
            yield return new("mean and std in the unit of the data",
                given with { Mean = [.. given.Mean.Select(m => m * scale)], Std = [.. given.Std.Select(s => s * scale)] });
        if (centred)
            yield return new("as given, mean and std of the channels the other way",
                given with { Mean = [.. given.Mean.Reverse()], Std = [.. given.Std.Reverse()] });
    }

    /// <summary>The same numbers of pixels that are told otherwise: inverted, channels the other way, the other layout.</summary>
    public static IEnumerable<Treatment> Pixels(Treatment treatment, KeptSamples data)
    {
        var p = treatment.Preprocessing;
        yield return treatment;
        yield return treatment with { Name = treatment.Name + ", inverted", Preprocessing = Inverted(p, data.Unit() ?? 255) };
        if (data.Channels(p.Layout) == 3 && p.Channels != ChannelOrder.Gray)
        {
            bool wasBgr = p.Channels == ChannelOrder.Bgr;
            yield return treatment with
            {
                Name = treatment.Name + (wasBgr ? ", RGB" : ", BGR"),
                Preprocessing = p with { Channels = wasBgr ? null : ChannelOrder.Bgr },
            };
        }
        if (data.HasLayout)
        {
            bool wasLast = p.Layout == DataLayout.Nhwc;
            yield return treatment with
            {
                Name = treatment.Name + (wasLast ? ", NCHW" : ", NHWC"),
                Preprocessing = p with { Layout = wasLast ? null : DataLayout.Nhwc },
            };
        }
    }

    // --invert is 255 - x; of other units (u - x) · s - m = -s · x - (m - u · s)
    private static Preprocessing Inverted(Preprocessing p, double unit)
    {
        if (unit == 255 || p.Invert == true) return p with { Invert = p.Invert == true ? null : true };
        double scale = p.Scale ?? 1;
        return p with { Scale = -scale, Mean = [.. (p.Mean.IsEmpty ? [0] : p.Mean).Select(m => m - unit * scale)] };
    }
}
