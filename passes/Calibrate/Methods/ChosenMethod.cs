using CortexMl.Diagnostics;
using CortexMl.Numerics;

namespace CortexMl.Passes.Calibrate.Methods;

/// <summary>A method with the options that it was chosen with: what turns statistics into thresholds.</summary>
public sealed record ChosenMethod
{
    /// <summary>So few numbers of a channel say nothing of how far it reaches.</summary>
    private const double SmallSample = 128;

    /// <summary>Times the threshold of the whole value that a single channel of it may reach.</summary>
    private const double RoomOfChannels = 1.25;

    /// <summary>So many numbers show their tail.</summary>
    private const double FewNumbers = 1 << 15;

    /// <summary>
    /// The largest number of so many more samples should be within the threshold of a channel, and of a whole value, whose other numbers
    /// all get coarser by it.
    /// </summary>
    private const int MoreOfChannel = 100, MoreOfAll = 25;

    private readonly PassOptions _options;

    private ChosenMethod(CalibrationMethod method, PassOptions options) => (Method, _options, Grows) = (method, options, method.Grows);

    /// <summary>The row of the method.</summary>
    public CalibrationMethod Method { get; }

    /// <summary>Whether the threshold reaches further where few numbers were seen.</summary>
    public bool Grows { get; init; }

    /// <summary>A method with some of its options given, the others as they are by default. It need not be in the table.</summary>
    /// <exception cref="DiagnosticException">CML0903: all that the method does not allow.</exception>
    public static ChosenMethod Of(CalibrationMethod method, IReadOnlyDictionary<string, string>? options = null)
    {
        var record = Calibrate.Record;
        return new(method, new PassOptions(
            new PassInfo(record.Name, method.Doc, record.From, record.To, method.Options), options ?? new Dictionary<string, string>()));
    }

    /// <summary>A method of the table as pipelines and calibration files spell it: <c>percentile{percentile=99.9}</c>.</summary>
    /// <exception cref="DiagnosticException">CML0901 no such text, CML0903 no such method or options that it does not allow.</exception>
    public static ChosenMethod Parse(string text)
    {
        if (Pipeline.Parse(text).Steps is not [{ Place: PipelinePlace.Here, IsRemoval: false } step])
            throw new DiagnosticException(DiagnosticCodes.PassOption, $"'{text}' is not one calibration method", hint: Example);
        string[] names = [.. CalibrationMethods.All.Select(m => m.Name)];
        return CalibrationMethods.Find(step.Pass) is { } method ? Of(method, step.Options.ToDictionary(StringComparer.Ordinal))
            : throw new DiagnosticException(DiagnosticCodes.PassOption,
                $"no calibration method is named '{step.Pass}'; expected one of {string.Join(", ", names)}",
                hint: Nearest.Hint(step.Pass, names));
    }

    /// <summary>Largest magnitude that must be representable, at most the absolute maximum, then rounded up to 10 binary digits.</summary>
    /// <param name="value">What messages call the value.</param>
    /// <exception cref="DiagnosticException">CML0557: the method fails, or what it returns is no threshold.</exception>
    public double Threshold(ValueStatistics statistics, string value)
    {
        if (statistics.AbsMax == 0) return 0;
        double chosen;
        try
        {
            chosen = Method.Choose(statistics, _options);
        }
        catch (Exception error) when (error is not (DiagnosticException or OutOfMemoryException))
        {
            throw Failed(value, $"it fails: {error.Message}");
        }
        if (!double.IsFinite(chosen) || chosen <= 0)
            throw Failed(value, $"it returned {Numbers.Format(chosen)}, the value reaches {Numbers.Format(statistics.AbsMax)}");
        return CalibrationMethod.RoundUp(Math.Min(chosen, statistics.AbsMax));
    }

    /// <summary>
    /// The threshold, and where it grows more where few numbers were seen: by how much the largest is expected to grow with more
    /// samples. Of many numbers the method itself knows what the tail is worth.
    /// </summary>
    /// <inheritdoc cref="Threshold"/>
    public double Reach(ValueStatistics statistics, string value)
    {
        double threshold = Threshold(statistics, value);
        if (!Grows || statistics.AbsMax == 0) return threshold;
        double growth = statistics.Whole.Growth(0, MoreOfAll) / statistics.AbsMax;
        return CalibrationMethod.RoundUp(threshold * (1 + Math.Min(1, FewNumbers / statistics.Count) * Math.Min(1, growth)));
    }

    /// <summary>
    /// How far each channel reaches: as far as it was seen to, and is expected to with more samples; no further than the whole value, with
    /// some room where nothing is to be cut off. Of few numbers of a channel the whole's threshold tells more: from all of the way to it
    /// at 128 numbers to an eightieth at 10,000.
    /// </summary>
    /// <param name="threshold">Of the whole value.</param>
    public double[] ChannelThresholds(ChannelStatistics channels, double threshold)
    {
        double doubt = Math.Min(1, SmallSample / Math.Max(1, channels.Count));
        double most = Method.HasRoomInChannels ? RoomOfChannels * threshold : threshold;
        return [.. Enumerable.Range(0, channels.Channels).Select(channel =>
        {
            double chosen = Math.Min(channels.AbsMax(channel) + channels.Growth(channel, MoreOfChannel), most);
            return chosen + doubt * Math.Max(0, threshold - chosen);
        })];
    }

    /// <summary>As the pipeline spells it, with all of its options: <c>percentile{percentile=99.99}</c>.</summary>
    public override string ToString() => new PipelineStep(Method.Name,
        [.. Method.Options.Select(o => new KeyValuePair<string, string>(
            o.Name, o.Kind == PassOptionKind.Float ? Numbers.Format(_options.Float(o.Name)) : _options.Text(o.Name)))]).ToString();

    private const string Example = "write percentile, or percentile{percentile=99.9}";

    private DiagnosticException Failed(string value, string what) => new(CalibrateCodes.MethodFailed,
        $"calibration method '{Method.Name}'{(Method.Plugin is { } plugin ? $" of {plugin}" : "")}, value %{value}: {what}",
        hint: "a method returns a finite number above 0, in the value's own units; 'cortexml passes calibrate' lists others");
}
