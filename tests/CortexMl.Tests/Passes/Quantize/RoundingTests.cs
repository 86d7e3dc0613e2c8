using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Passes.Quantize.Weights;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Weights that are rounded by what their layer reads.</summary>
public class RoundingTests
{
    // Both inputs are always the same: what one weight loses the other can give back. (0.4 + 0.4 - 1)² instead of 0.8².
    [Fact]
    public void Of_two_inputs_that_are_alike_one_weight_makes_up_for_the_other() =>
        Assert.Equal([1, 0], RoundingDescent.Round([0.4, 0.4], [1, 1, 1, 1], 127));

    [Fact]
    public void Of_inputs_that_have_nothing_in_common_each_is_the_nearest() =>
        Assert.Equal([0, 1, -3], RoundingDescent.Round([0.4, 0.5, -2.7], [1, 0, 0, 0, 2, 0, 0, 0, 3], 127));

    // 128 would be nearer.
    [Fact]
    public void No_integer_leaves_the_bound() =>
        Assert.Equal([127, 3], RoundingDescent.Round([127.6, 3], [1, 0.9, 0.9, 1], 127));

    [Fact]
    public void What_is_an_integer_stays() =>
        Assert.Equal([3, 0, 0], RoundingDescent.Round([3, 0, 0.4], [4, 4, 4, 4, 4, 4, 4, 4, 4], 127));

    [Fact]
    public void Never_worse_than_the_nearest_and_no_change_of_one_weight_is_better()
    {
        var random = new Random(7);
        int best = 0, better = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            const int Row = 6;
            double[] exact = [.. Enumerable.Range(0, Row).Select(_ => random.NextDouble() * 10 - 5)];
            double[] moments = Moments(random, Row);
            int[] nearest = [.. exact.Select(x => (int)Math.Floor(x + 0.5))], rounded = RoundingDescent.Round(exact, moments, 127);
            double before = Naive(exact, nearest, moments), after = Naive(exact, rounded, moments);
            Assert.Equal(after, RoundingDescent.Error(exact, rounded, moments), 9);
            Assert.True(after <= before);
            double least = double.PositiveInfinity;
            for (int choice = 0; choice < 1 << Row; choice++)
            {
                int[] other = [.. exact.Select((x, k) => (int)Math.Floor(x) + (choice >> k & 1))];
                double error = Naive(exact, other, moments);
                if (other.Zip(rounded).Count(p => p.First != p.Second) == 1) Assert.True(error >= after - 1e-9);
                least = Math.Min(least, error);
            }
            Assert.True(after >= least - 1e-9);
            if (after < before) better++;
            if (after < least + 1e-9) best++;
        }
        Assert.InRange(better, 100, 200);
        Assert.InRange(best, 80, 200);
    }

    [Fact]
    public void Flips_are_read_as_they_were_written_and_of_nothing_else()
    {
        var random = new Random(3);
        foreach (double share in (double[])[0.001, 0.01, 0.2, 0.6, 1])
        {
            var exact = new ExactWeights(
                [.. Enumerable.Range(0, 3000).Select(_ => (float)(random.NextDouble() * 200 - 100))], [1, 1, 1], 1000);
            int[] rounded = [.. exact.Nearest().Select((n, k) => random.NextDouble() < share ? n > exact[k] ? n - 1 : n + 1 : n)];
            var noted = WeightFlips.Of(exact, rounded)!;
            Assert.Equal(rounded, WeightFlips.Apply(exact, noted));
            Assert.True(noted.Flips.Length < 3000 / 6 * 1.3 + 12);
            Assert.Null(WeightFlips.Apply(exact with { Scales = [1, 1.01, 1] }, noted));
            Assert.Null(WeightFlips.Apply(exact, noted with { Digest = "0123456789abcdef" }));
        }
    }

    [Fact]
    public void Nothing_is_written_where_all_are_nearest()
    {
        var exact = new ExactWeights([0.2f, 5.7f], [1], 2);
        Assert.Null(WeightFlips.Of(exact, exact.Nearest()));
    }

    [Fact]
    public void Damaged_flips_say_nothing()
    {
        var random = new Random(5);
        var exact = new ExactWeights([.. Enumerable.Range(0, 64).Select(_ => (float)(random.NextDouble() * 254 - 127))], [1], 64);
        int[] rounded = [.. exact.Nearest().Select((n, k) => k % 5 == 0 && Math.Abs(n) < 127 ? n > exact[k] ? n - 1 : n + 1 : n)];
        var noted = WeightFlips.Of(exact, rounded)!;
        byte[] bytes = Convert.FromBase64String(noted.Flips);
        for (int bit = 0; bit < bytes.Length * 8; bit++)
        {
            byte[] damaged = [.. bytes];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.Null(WeightFlips.Apply(exact, noted with { Flips = Convert.ToBase64String(damaged) }));
        }
        for (int length = 0; length < bytes.Length; length++)
            Assert.Null(WeightFlips.Apply(exact, noted with { Flips = Convert.ToBase64String(bytes[..length]) }));
        Assert.Null(WeightFlips.Apply(exact, noted with { Flips = Convert.ToBase64String([.. bytes, 0xff, 0xff]) }));
        Assert.Null(WeightFlips.Apply(exact, noted with { Flips = "no base64" }));
    }

    // Against the definition: every position of every group, padding as zeros, on one side by taps of zero.
    [Theory]
    [InlineData("kernel = [3, 3], padding = [1, 1], groups = 1", "3, 3", 4, 1)]
    [InlineData("kernel = [3, 2], padding = [1, 0], strides = [2, 1], groups = 2", "3, 2", 2, 2)]
    [InlineData("kernel = [3, 3], padding = [0, 0, 1, 1], strides = [2, 2], groups = 4", "3, 3", 1, 4)]
    [InlineData("kernel = [2, 2], dilation = [2, 1], groups = 1", "2, 2", 4, 1)]
    public void Moments_of_patches_are_those_of_what_windows_see(string attributes, string kernel, int inputs, int groups)
    {
        var random = new Random(11);
        var layer = TextParser.ParseOne($$"""
            graph @g(%data: f32[1, 4, 6, 5] within 1) {
              @w: f32[4, {{inputs}}, {{kernel}}] = random(1)
              %y = nn.conv2d(%data, @w) {{{attributes}}}
              return %y
            }
            """).Operations.Single(o => o.Constant is null);
        var patches = LayerPatches.Of([layer], 4, fewest: 1)[layer];
        float[] data = [.. Enumerable.Range(0, 120).Select(_ => (float)random.NextDouble())];
        for (int sample = 0; sample < 4; sample++) patches.Add(data);
        Assert.Equal(3, patches.Moments.Seen.Count / patches.Moments.Held.Count);
        double[] scales = [.. Enumerable.Range(1, inputs).Select(c => (double)c)], pivot = [.. scales.Select(s => s / 2)];
        for (int g = 0; g < groups; g++)
            Assert.Equal(
                Definition(layer, data, g, scales, pivot), patches.Moments.Held.Around(g, scales, pivot),
                (a, b) => Math.Abs(a - b) < 1e-9);
    }

    private static double[] Definition(Operation layer, float[] data, int group, double[] scales, double[] pivot)
    {
        var window = SymmetricConvolution.WindowOf(SlidingWindow.Of(layer));
        var (image, result, taps) = (layer["data"].Type.Shape, layer.Result.Type.Shape, (int)window.TapCount);
        int row = scales.Length * taps;
        var sum = new double[row * row];
        for (int y = 0; y < result[2]; y++)
            for (int x = 0; x < result[3]; x++)
            {
                double[] patch = [.. Enumerable.Range(0, row).Select(k => -pivot[k / taps])];
                foreach (var (tap, pixel) in window.Taps(image, y, x))
                    for (int c = 0; c < scales.Length; c++)
                        patch[c * taps + tap] += data[(group * scales.Length + c) * image[2] * image[3] + pixel] * scales[c];
                for (int k = 0; k < sum.Length; k++) sum[k] += patch[k / row] * patch[k % row] / (result[2] * result[3]);
            }
        return sum;
    }

    private static double[] Moments(Random random, int row)
    {
        var moments = new double[row * row];
        for (int patch = 0; patch < 8; patch++)
        {
            double[] x = [.. Enumerable.Range(0, row).Select(_ => random.NextDouble())];
            for (int k = 0; k < moments.Length; k++) moments[k] += x[k / row] * x[k % row];
        }
        return moments;
    }

    private static double Naive(double[] exact, int[] rounded, double[] moments)
    {
        double sum = 0;
        for (int i = 0; i < exact.Length; i++)
            for (int j = 0; j < exact.Length; j++)
                sum += (rounded[i] - exact[i]) * (rounded[j] - exact[j]) * moments[i * exact.Length + j];
        return sum;
    }
}
