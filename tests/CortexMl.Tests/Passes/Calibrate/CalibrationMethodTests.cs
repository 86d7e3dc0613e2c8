using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

public class CalibrationMethodTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1023, 1023)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1026)]
    [InlineData(2047, 2048)]
    [InlineData(0.7, 717.0 / 1024)]
    [InlineData(5.3701, 5.375)]
    public void Thresholds_are_rounded_up_to_10_binary_digits(double threshold, double expected) =>
        Assert.Equal(expected, CalibrationMethod.RoundUp(threshold));

    [Fact]
    public void Absmax_is_the_largest_magnitude() => Assert.Equal(6, Threshold("absmax", [-6, 1, 5]));

    [Fact]
    public void Percentile_gives_up_the_rarest_numbers()
    {
        // 999 numbers up to 0.5 and one of 7.9 in bins of 1/256: 99.9 % end with the bin of 0.5.
        float[] numbers = [.. Enumerable.Range(1, 999).Select(i => i / 1998f), 7.9f];
        Assert.Equal(0.5 + 1.0 / 256, Threshold("percentile", numbers, percentile: 99.9));
        Assert.Equal(CalibrationMethod.RoundUp(7.9f), Threshold("percentile", numbers, percentile: 99.95));
        Assert.Equal(CalibrationMethod.RoundUp(7.9f), Threshold("percentile", numbers, percentile: 100));
    }

    [Fact]
    public void Mean_std_reaches_lambda_deviations_where_that_is_clearly_below_the_maximum()
    {
        // Mean 2 + 1/512 (bin centres), deviation 1, then one outlier among a hundred thousand.
        float[] numbers = [.. Enumerable.Repeat(new[] { 1f, 3f }, 1000).SelectMany(p => p)];
        Assert.Equal(3, Threshold("mean-std", numbers, lambda: 4));
        float[] outlier = [.. Enumerable.Repeat(numbers, 50).SelectMany(n => n), 15];
        Assert.Equal(6, Threshold("mean-std", outlier, lambda: 4), 0.05);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("entropy")]
    public void A_lone_outlier_is_cut_off(string method)
    {
        var random = new Random(1);
        float[] bell = [.. Enumerable.Range(0, 20000).Select(_ => (float)Enumerable.Range(0, 12).Sum(_ => random.NextDouble() - 0.5))];
        double threshold = Threshold(method, [.. bell, 40]);
        Assert.InRange(threshold, 1.5, 37);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("entropy")]
    public void Evenly_spread_numbers_are_not_cut_off(string method)
    {
        float[] even = [.. Enumerable.Range(0, 20000).Select(i => i / 20000f)];
        Assert.InRange(Threshold(method, even), 0.97, 1.0);
    }

    [Theory]
    [InlineData("absmax")]
    [InlineData("percentile")]
    [InlineData("mean-std")]
    [InlineData("entropy")]
    [InlineData("mse")]
    public void A_value_that_is_always_zero_has_threshold_zero(string method) => Assert.Equal(0, Threshold(method, [0, 0, -0f]));

    // Of four samples the largest is 8 and the fourth 1: with 25 more it is expected to grow by 7 / (11/6) · ln(1 + 25/4), which is 0.9455
    // of 8. Of more than 2^15 numbers a part of it counts.
    [Theory]
    [InlineData(1 << 14, 1.9455)]
    [InlineData(1 << 15, 1.9455)]
    [InlineData(1 << 16, 1.4727)]
    [InlineData(1 << 18, 1.1182)]
    public void A_value_is_expected_to_grow_the_less_the_more_numbers_were_seen(int count, double times)
    {
        var statistics = new ValueStatistics();
        statistics.Add([.. Enumerable.Range(1, count - 3).Select(i => 8f * i / (count - 3))]);
        for (int k = 0; k < 3; k++) statistics.Add([1]);
        var method = ChosenMethod.Parse("mse");
        Assert.Equal(times, method.Reach(statistics, "v") / method.Threshold(statistics, "v"), 0.004);
        Assert.Equal(8, ChosenMethod.Parse("absmax").Reach(statistics, "v"));
    }

    [Fact]
    public void But_to_no_more_than_twice_as_much()
    {
        var statistics = new ValueStatistics();
        statistics.Add([8, 1, 2, 4]);
        Assert.Equal(16, ChosenMethod.Parse("mse").Reach(statistics, "v"));
    }

    [Theory]
    [InlineData("absmax", "absmax")]
    [InlineData("percentile{percentile=99.90}", "percentile{percentile=99.9}")]
    [InlineData(" mean-std ", "mean-std{lambda=16}")]
    public void Its_text_is_the_pipelines(string written, string text) => Assert.Equal(text, ChosenMethod.Parse(written).ToString());

    [Theory]
    [InlineData("percent",
        "error CML0903: no calibration method is named 'percent'; expected one of absmax, percentile, mean-std, entropy, mse")]
    [InlineData("percentil",
        "error CML0903: no calibration method is named 'percentil'; expected one of absmax, percentile, mean-std, entropy, mse\n"
        + "  help: did you mean 'percentile'?")]
    [InlineData("auto",
        "error CML0903: no calibration method is named 'auto'; expected one of absmax, percentile, mean-std, entropy, mse")]
    [InlineData("mse,absmax",
        "error CML0903: 'mse,absmax' is not one calibration method\n  help: write percentile, or percentile{percentile=99.9}")]
    [InlineData("percentile{percentile=4,lambda=2}",
        "error CML0903: pass 'calibrate': option 'lambda=2': known options: percentile\n"
        + "error CML0903: pass 'calibrate': option 'percentile=4': expected 50 to 100")]
    public void What_is_no_method_is_told(string text, string told) => Assert.Equal(told,
        string.Join('\n', Assert.Throws<DiagnosticException>(() => ChosenMethod.Parse(text)).Diagnostics));

    [Theory]
    [InlineData(double.NaN, "it returned NaN, the value reaches 6")]
    [InlineData(double.PositiveInfinity, "it returned Infinity, the value reaches 6")]
    [InlineData(-1.5, "it returned -1.5, the value reaches 6")]
    [InlineData(0, "it returned 0, the value reaches 6")]
    public void What_is_no_threshold_is_told_with_method_library_and_value(double returned, string told) => Assert.Equal(
        $"error CML0557: calibration method 'mine' of CortexMl.Tests, value %v: {told}\n"
        + "  help: a method returns a finite number above 0, in the value's own units; 'cortexml passes calibrate' lists others",
        Told((_, _) => returned));

    [Fact]
    public void A_method_that_throws_is_told_by_what_it_says() => Assert.Contains(
        "method 'mine' of CortexMl.Tests, value %v: it fails: no tail\n", Told((_, _) => throw new InvalidOperationException("no tail")));

    [Fact]
    public void A_method_is_held_within_what_was_seen_and_not_asked_of_zeros()
    {
        Assert.Equal(6, Chosen((_, _) => 1e9).Threshold(Seen([-6, 1]), "v"));
        Assert.Equal(0, Chosen((_, _) => double.NaN).Threshold(Seen([0, -0f]), "v"));
    }

    [Fact]
    public void Options_of_a_method_reach_it()
    {
        var share = new PassOption("share", PassOptionKind.Float, "0.5", "of the largest number") { Min = 0, Max = 1 };
        var method = new CalibrationMethod("mine", "a share", (seen, given) => given.Float("share") * seen.AbsMax) { Options = [share] };
        Assert.Equal(3, ChosenMethod.Of(method).Threshold(Seen([6]), "v"));
        var chosen = ChosenMethod.Of(method, new Dictionary<string, string> { ["share"] = "0.25" });
        Assert.Equal(1.5, chosen.Threshold(Seen([6]), "v"));
        Assert.Equal("mine{share=0.25}", chosen.ToString());
    }

    [Theory]
    [InlineData("mse", "", "two calibration methods are named 'mse'")]
    [InlineData("auto", "", "two calibration methods are named 'auto'")]
    [InlineData("Mine", "", "'Mine' is no name of a method or an option: small letters, digits and hyphens, as in top-share")]
    [InlineData("mine", "lambda", "method 'mine': calibrate has an option 'lambda' already")]
    [InlineData("mine", "method", "method 'mine': calibrate has an option 'method' already")]
    [InlineData("mine", "a b", "'a b' is no name of a method or an option: small letters, digits and hyphens, as in top-share")]
    [InlineData("mine", "own,own", "method 'mine' has an option twice")]
    [InlineData("mine", "file", "option 'file' of method 'mine' is a file: methods see statistics alone")]
    [InlineData("mine", "high",
        "method 'mine': a default is not allowed: pass 'calibrate': option 'high=7': expected 0 to 1")]
    public void A_row_that_cannot_be_is_refused(string name, string options, string told)
    {
        var row = new CalibrationMethod(name, "", (_, _) => 1)
        {
            Options =
            [
                .. options.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(o => new PassOption(
                    o, o == "file" ? PassOptionKind.Path : PassOptionKind.Int, o == "high" ? "7" : "1", "") { Min = 0, Max = 1 }),
            ],
        };
        Assert.Equal(told, Assert.Throws<ArgumentException>(() => CalibrationMethods.Add(row)).Message);
        Assert.Equal(["absmax", "percentile", "mean-std", "entropy", "mse"], CalibrationMethods.All.Select(m => m.Name));
    }

    private static string Told(Func<ValueStatistics, PassOptions, double> choose) => string.Join('\n',
        Assert.Throws<DiagnosticException>(() => Chosen(choose).Threshold(Seen([-6, 1, 5]), "v")).Diagnostics);

    private static ChosenMethod Chosen(Func<ValueStatistics, PassOptions, double> choose) =>
        ChosenMethod.Of(new CalibrationMethod("mine", "", choose));

    private static ValueStatistics Seen(float[] numbers)
    {
        var statistics = new ValueStatistics();
        statistics.Add(numbers);
        return statistics;
    }

    private static double Threshold(string method, float[] numbers, double percentile = 99.99, double lambda = 16) =>
        ChosenMethod.Parse(Spelled(method, percentile, lambda)).Threshold(Seen(numbers), "v");

    internal static string Spelled(string method, double percentile, double lambda) => method switch
    {
        "percentile" => string.Create(CultureInfo.InvariantCulture, $"percentile{{percentile={percentile}}}"),
        "mean-std" => string.Create(CultureInfo.InvariantCulture, $"mean-std{{lambda={lambda}}}"),
        _ => method,
    };
}
