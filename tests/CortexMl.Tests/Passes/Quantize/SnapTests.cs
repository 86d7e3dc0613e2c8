using CortexMl.Ir;
using CortexMl.Passes.Quantize;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

public sealed class SnapTests
{
    private const int Trials = 2000, DataBound = 127;

    /// <summary>Real weights of one output, its bias, and what is left to snap to: a layer that could exist.</summary>
    private sealed record Layer(float[][] Weights, double[] Biases, double InputScale, Demand Target, bool PerChannel)
    {
        public Snap.Channel[] Channels => [.. Weights.Zip(Biases).Select(c => new Snap.Channel(
            c.First.Max(Math.Abs), c.First.Sum(w => Math.Abs((double)w)) * DataBound, c.First.Length * DataBound / 2.0, c.Second))];
    }

    /// <summary>Any weights; and one large weight among many that all round up, from just above half a step to a whole one.</summary>
    private static Gen<float[]> Weights(int terms) => Gen.OneOf(
        Gen.Float[-1, 1].Array[terms],
        Gen.Float[0.51f, 0.6f].Array[terms].Select(weights => (float[])[.. weights.Select((w, i) => i == 0 ? 1 : w / DataBound)]));

    private static readonly Gen<Layer> Layers = Gen.Select(Gen.Int[1, 4], Gen.Int[1, 300]).SelectMany((outputs, terms) => Gen.Select(
        Gen.Select(Weights(terms), Gen.Float[-12, 2])
            .Select((weights, exponent) => (float[])[.. weights.Select(w => w * MathF.Exp(exponent))]).Array[outputs],
        Gen.Double[-0.5, 0.5].Array[outputs], Gen.Double[1, 200], Gen.Int[8, 16], Gen.Double[-3, 3], Gen.Bool)
        .Select((weights, biases, inputScale, precision, exponent, perChannel) =>
        {
            double most = weights.Max(row => row.Sum(Math.Abs)) * DataBound / inputScale;
            var target = Demand.Covering(precision, most * Math.Exp(exponent));
            return new Layer(weights, biases.Select(b => b * most).ToArray(), inputScale, target, perChannel);
        }));

    [Fact]
    public void The_requantization_is_exact_and_the_rounded_weights_stay_within_their_bounds()
    {
        int chosen = 0, tight = 0;
        Layers.Sample(layer =>
        {
            var channels = layer.Channels;
            var snap = Snap.Choose(channels, layer.InputScale, layer.Target, layer.PerChannel);
            Assert.NotNull(snap);
            long most = 0;
            double unrounded = 0;
            for (int c = 0; c < channels.Length; c++)
            {
                double scale = snap.WeightScales[c];
                // sx · sw · m = s_out · 2^b: multiplying by m and shifting by b is the exact ratio of the scales.
                Assert.Equal(1, layer.InputScale * scale * snap.Multipliers[c] / (layer.Target.Scale * (1L << snap.Shift)), 1e-12);
                long[] rounded = [.. layer.Weights[c].Select(w => (long)Math.Floor((w * scale) + 0.5))];
                Assert.All(rounded, w => Assert.InRange(w, -127, 127));
                double bias = Math.Floor((layer.Biases[c] * layer.InputScale * scale) + 0.5);
                Assert.InRange(bias, -(double)Precisions.Bound(31), Precisions.Bound(31));
                most = Math.Max(most, (rounded.Sum(Math.Abs) * DataBound) + (long)Math.Abs(bias));
                unrounded = Math.Max(unrounded, (channels[c].Reach * scale) + Math.Abs(bias));
            }
            Assert.InRange(most, 0, int.MaxValue);
            int clip = ShiftBudget.ClipPrecision(most, layer.Target.Precision, snap.Multipliers.Min(), snap.Shift);
            string found = $"sums up to {most}: {clip} bits, multipliers up to {snap.Multipliers.Max()}";
            Assert.True(ShiftBudget.Fits(clip, snap.Multipliers.Max()), found);
            if (!layer.PerChannel) Assert.Single(snap.Multipliers.Distinct());
            Interlocked.Increment(ref chosen);
            int narrower = ShiftBudget.ClipPrecision((long)unrounded, layer.Target.Precision, snap.Multipliers.Min(), snap.Shift);
            if (narrower < clip) Interlocked.Increment(ref tight);
        }, iter: Trials);
        Assert.Equal(Trials, chosen);
        // Rounding alone carries these over a power of two: about one in forty.
        Assert.True(tight >= Trials / 100, $"{tight} of {Trials} layers need what rounding adds");
    }

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

    [Fact]
    public void Sums_of_very_many_terms_stay_within_int32()
    {
        for (int terms = 100_000; terms <= 400_000; terms += 5_000)
        {
            double reach = (double)terms * DataBound;
            var snap = Snap.Choose([new(1, reach, reach / 2, 0)], 100, Demand.Covering(16, reach / 100), perChannel: true);
            Assert.NotNull(snap);
            Assert.InRange((reach * snap.WeightScales[0]) + (reach / 2), 0, int.MaxValue);
        }
    }

    [Theory]
    [InlineData(1e3)]
    [InlineData(1e5)]
    [InlineData(1e7)]
    public void A_large_bias_makes_the_weights_coarser_and_not_its_own_bits_more(double bias)
    {
        var snap = Snap.Choose([new(1, 127, 64, bias)], 100, Demand.Covering(16, bias), perChannel: true);
        Assert.NotNull(snap);
        Assert.InRange(bias * 100 * snap.WeightScales[0], 1, 1 << 29);
    }

    [Fact]
    public void A_bias_out_of_all_proportion_has_none() =>
        Assert.Null(Snap.Choose([new(1, 127, 64, 1e30)], 100, Demand.Covering(8, 4), perChannel: true));

    // At the largest shift the unit's own multiplier would be 1.4.
    [Fact]
    public void A_grid_that_no_multiplier_meets_is_none()
    {
        var target = new Demand(8, 1.4 * 100 * DataBound / (1L << ShiftBudget.MaxShift));
        var snap = Snap.Choose([new(1, 127, 64, 0, Grid: 1.0 / DataBound)], 100, target, perChannel: true);
        Assert.NotNull(snap);
        Assert.InRange(snap.WeightScales[0], 1, DataBound);
    }
}
