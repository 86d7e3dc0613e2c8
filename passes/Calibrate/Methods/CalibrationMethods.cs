using System.Collections;
using CortexMl.Passes.Calibrate.Judging;

namespace CortexMl.Passes.Calibrate.Methods;

/// <summary>
/// The table of calibration methods: ours, then those of plugins in the order in which they came. They hold for the whole process; a plugin
/// gives them in <see cref="IPlugin.Register"/>.
/// </summary>
public static class CalibrationMethods
{
    private static readonly PassOption s_percentile =
        new("percentile", PassOptionKind.Float, "99.99", "of percentile: percent of the numbers that must be representable")
        {
            Min = 50, Max = 100,
        };

    private static readonly PassOption s_lambda =
        new("lambda", PassOptionKind.Float, "16", "of mean-std: threshold = |mean| + lambda · deviation") { Min = 0 };

    private static readonly Lock s_adding = new();

    private static IReadOnlyList<CalibrationMethod> s_all =
    [
        new("absmax", "the largest magnitude that was seen: nothing is cut off", (seen, _) => seen.AbsMax) { HasRoomInChannels = true },
        new("percentile", "as many numbers as it says are representable", (seen, given) => OfPercentile(seen, given.Float("percentile")))
        {
            Options = [s_percentile],
        },
        new("mean-std", "so many deviations around the mean", (seen, given) => OfDeviation(seen, given.Float("lambda")))
        {
            Options = [s_lambda],
        },
        new("entropy", "the 128 levels that lose the least information", (seen, _) => EntropyThreshold.Of(seen.Histogram)),
        new("mse", "the least squared error at 8 bits", (seen, _) => SquareErrorThreshold.Of(seen.Histogram))
        {
            Grows = true, HasRoomInChannels = true,
        },
    ];

    /// <summary>All that there are now.</summary>
    public static IReadOnlyList<CalibrationMethod> All => Volatile.Read(ref s_all);

    /// <summary>A method of a plugin. Once more from the same library it takes the place of the first.</summary>
    /// <exception cref="ArgumentException">
    /// Its name is none, or taken; or an option has a name that is taken, a file, or a default that it does not allow itself.
    /// </exception>
    public static void Add(CalibrationMethod method)
    {
        CheckNames(method);
        lock (s_adding)
        {
            var others = All.Where(m => m.Name != method.Name || m.Plugin is null || m.Plugin != method.Plugin).ToList();
            if (method.Name == AutoCalibration.Name || others.Exists(m => m.Name == method.Name))
                throw new ArgumentException($"two calibration methods are named '{method.Name}'");
            foreach (var option in method.Options)
            {
                if (option.Name == MethodOption || others.Exists(m => m.Options.Any(o => o.Name == option.Name)))
                    throw new ArgumentException($"method '{method.Name}': calibrate has an option '{option.Name}' already");
            }
            Volatile.Write(ref s_all, [.. others, method]);
        }
    }

    /// <summary>The method of that name, or null.</summary>
    public static CalibrationMethod? Find(string name) => All.FirstOrDefault(m => m.Name == name);

    /// <summary>Names and meanings of the methods that a whole network may have: the table's, and auto. They follow the table.</summary>
    internal static (IReadOnlyList<string> Names, IReadOnlyList<string> Meanings) Choices { get; } =
        (new Following<string>(() => [.. All.Select(m => m.Name).Append(AutoCalibration.Name)]),
            new Following<string>(() => [.. All.Select(Meaning).Append(AutoCalibration.Meaning)]));

    /// <summary>The option of calibrate by which a method is named.</summary>
    internal const string MethodOption = "method";

    /// <summary>A pass's own options, and behind them those of all methods. They follow the table.</summary>
    internal static IReadOnlyList<PassOption> WithOptions(params IReadOnlyList<PassOption> own) =>
        new Following<PassOption>(() => [.. own, .. All.SelectMany(m => m.Options)]);

    private static string Meaning(CalibrationMethod method) => method.Plugin is { } plugin ? $"{method.Doc} (of {plugin})" : method.Doc;

    private static bool IsPlain(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';

    private static void CheckNames(CalibrationMethod method)
    {
        foreach (string name in method.Options.Select(o => o.Name).Prepend(method.Name))
        {
            if (name.Length == 0 || !char.IsAsciiLetterLower(name[0]) || !name.All(IsPlain))
                throw new ArgumentException($"'{name}' is no name of a method or an option: small letters, digits and hyphens, as in top-share");
        }
        if (method.Options.FirstOrDefault(o => o.Kind == PassOptionKind.Path) is { } file)
            throw new ArgumentException($"option '{file.Name}' of method '{method.Name}' is a file: methods see statistics alone");
        if (method.Options.Select(o => o.Name).Distinct(StringComparer.Ordinal).Count() < method.Options.Count)
            throw new ArgumentException($"method '{method.Name}' has an option twice");
        try
        {
            _ = ChosenMethod.Of(method, method.Options.ToDictionary(o => o.Name, o => o.Default, StringComparer.Ordinal));
        }
        catch (Diagnostics.DiagnosticException error)
        {
            throw new ArgumentException($"method '{method.Name}': a default is not allowed: {error.Diagnostics[0].Message}", error);
        }
    }

    /// <summary>The least bin edge that at least the given share of all numbers does not exceed.</summary>
    private static double OfPercentile(ValueStatistics statistics, double percentile)
    {
        long[] magnitudes = statistics.Histogram.Magnitudes();
        long below = 0;
        for (int k = 0; k < magnitudes.Length; k++)
        {
            below += magnitudes[k];
            if (below * 100.0 >= percentile * statistics.Count) return (k + 1) * statistics.Histogram.Width;
        }
        return statistics.AbsMax;
    }

    /// <summary>|mean| + λ·σ where that is clearly below the maximum. Source: the reference tool MRT.</summary>
    private static double OfDeviation(ValueStatistics statistics, double lambda)
    {
        double reach = Math.Abs(statistics.Mean) + lambda * statistics.Deviation;
        return reach < 0.95 * statistics.AbsMax ? reach : statistics.AbsMax;
    }

    /// <summary>A list that is another one each time that it is looked at: records of passes are made before plugins are loaded.</summary>
    private sealed class Following<T>(Func<IReadOnlyList<T>> now) : IReadOnlyList<T>
    {
        public int Count => now().Count;

        public T this[int index] => now()[index];

        public IEnumerator<T> GetEnumerator() => now().GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
