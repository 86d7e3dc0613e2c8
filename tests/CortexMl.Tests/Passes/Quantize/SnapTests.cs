using CortexMl.Ir;
using CortexMl.Passes.Quantize;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.QuantizePasses;

public sealed class SnapTests
{
    private static readonly Gen<Snap.Channel> AnyChannel =
        Gen.Select(Gen.Double[1e-4, 4], Gen.Int[1, 500], Gen.Double[-2, 2]).Select((threshold, terms, bias) =>
            new Snap.Channel(threshold, threshold * terms * 127 / 2, terms * 127 / 2.0, bias));

    [Fact]
    public void Weights_stay_within_127_and_the_requantization_is_exact() =>
        Gen.Select(AnyChannel.Array[1, 8], Gen.Double[1, 200], Gen.Int[8, 16], Gen.Double[0.05, 50], Gen.Bool)
            .Sample((channels, inputScale, precision, threshold, perChannel) =>
            {
                var target = Demand.Covering(precision, threshold);
                if (Snap.Choose(channels, inputScale, target, perChannel) is not { } snap) return;
                for (int c = 0; c < channels.Length; c++)
                {
                    double scale = snap.WeightScales[c];
                    Assert.True(channels[c].WeightThreshold * scale <= 127.0001, "weights beyond 127");
                    // sx · sw · m = s_out · 2^b: multiplying by m and shifting by b is the exact ratio of the scales.
                    Assert.Equal(1, inputScale * scale * snap.Multipliers[c] / (target.Scale * (1L << snap.Shift)), 1e-12);
                    Assert.True(Math.Abs(channels[c].Bias) * inputScale * scale <= Precisions.Bound(31), "a bias that int32 cannot hold");
                }
                if (!perChannel) Assert.Single(snap.Multipliers.Distinct());
            });

    [Fact]
    public void A_dead_channel_takes_the_smallest_weight_scale_of_the_live_ones()
    {
        Snap.Channel[] channels = [new(1, 1000, 500, 0), new(0, 0, 500, 0.5), new(0.1, 100, 500, 0)];
        var snap = Snap.Choose(channels, 100, Demand.Covering(8, 4), perChannel: true)!;
        Assert.Equal(snap.WeightScales[0], snap.WeightScales[1]);
        Assert.True(snap.WeightScales[2] > snap.WeightScales[0]);
    }

    [Fact]
    public void Weights_all_zero_have_some_scale()
    {
        var snap = Snap.Choose([new(0, 0, 0, 0)], 100, Demand.Covering(8, 0), perChannel: true);
        Assert.NotNull(snap);
        Assert.True(double.IsFinite(snap.WeightScales[0]) && snap.WeightScales[0] > 0);
    }
}
