using CortexMl.Passes.Calibrate;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>Thresholds that are decided, in the place of those that were measured.</summary>
public sealed class GivenThresholdsTests
{
    /// <summary>Shares of channels move with the threshold, the method stays where it chose it.</summary>
    [Theory]
    [InlineData(2, null, new double[0], "2 by mse: 1 0.5")]
    [InlineData(3, null, new double[0], "3 by : 1 0.5")]
    [InlineData(3, "absmax", new double[0], "3 by absmax: 1 0.5")]
    [InlineData(3, null, new[] { 1.0, 0.25 }, "3 by : 1 0.25")]
    public void What_is_not_decided_is_as_it_was_measured(double threshold, string? method, double[] channels, string expected)
    {
        var given = new CalibratedValue("a", threshold) { Method = method, Channels = channels };
        CalibratedValue[] measured = [new("a", 2) { Method = "mse", Channels = [1, 0.5] }, new("b", 5)];
        var file = new GivenThresholds(new CalibrationFile("m", "d", "m", [given])).Over(new CalibrationFile("m", "d", "m", measured));
        var own = file.Values[0];
        Assert.Equal(expected, $"{own.Threshold} by {own.Method}: {string.Join(' ', own.Channels)}");
        Assert.Equal(measured[1], file.Values[1]);
    }
}
