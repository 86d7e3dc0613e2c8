using CortexMl.Evaluating.Metrics;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Evaluating;

/// <summary>The metrics on numbers that one can check by hand.</summary>
public sealed class MetricTests
{
    [Theory]
    [InlineData("top1", 0.5)]
    [InlineData("top5", 1.0)]
    [InlineData("agreement", 0.5)]
    public void Classes(string metric, double expected)
    {
        // The network says 1 and 0, the model 1 and 2; right are 1 and 0.
        var real = Run("[1, 6]", [[0, 9, 1, 2, 3, 4], [9, 0, 1, 2, 3, 4]]);
        var whole = Run("[1, 6]", [[0, 9, 1, 2, 3, 4], [8, 0, 9, 2, 3, 4]]);
        Assert.Equal(expected, Of(metric, real, whole, labels: [1, 0]).Value);
    }

    [Fact]
    public void Five_of_six_are_not_all() =>
        Assert.Equal(0, Of("top5", Run("[1, 6]", [[0, 9, 8, 7, 6, 5]]), Run("[1, 6]", [[0, 9, 8, 7, 6, 5]]), labels: [0]).Value);

    // 10 · log10(100 / 1), over both samples: Σx² = 64 + 36, Σ(x - y)² = 1
    [Fact]
    public void Decibels_of_all_samples_together() =>
        Assert.Equal(20, Of("db", Run("[1, 2]", [[8, 0], [0, 6]]), Run("[1, 2]", [[8, 1], [0, 6]])).Value);

    [Fact]
    public void No_noise_has_no_decibels() => Assert.Null(Of("db", Run("[1, 2]", [[8, 0]]), Run("[1, 2]", [[8, 0]])).Value);

    [Fact]
    public void The_noisiest_output_counts()
    {
        var (real, whole) = (Two([10, 10], [10, 0]), Two([10, 11], [10, 1]));
        var tally = Of("db", real, whole);
        Assert.Equal(20, tally.Value);
        Assert.Equal([("a", 23.01), ("b", 20.0)], tally.Figures.Select(f => (f.Name, f.Value!.Value)));

        static ModelRun Two(float[] a, float[] b)
        {
            var graph = TextParser.ParseOne("graph @g(%x: f32[1, 2]) { %a = nn.neg(%x) %b = nn.abs(%x) return %a, %b }");
            return new(new("g", graph), "", [new("0", null, [Tensor.Create(Shape.Of(1, 2), a), Tensor.Create(Shape.Of(1, 2), b)])]);
        }
    }

    // 3-4-5: 24 / 25 and 1
    [Fact]
    public void Cosine_mean_and_worst()
    {
        var tally = Of("cosine", Run("[1, 2]", [[3, 4], [1, 0]]), Run("[1, 2]", [[4, 3], [2, 0]]));
        Assert.Equal((0.98, 0.96), (Math.Round(tally.Value!.Value, 12), Math.Round(tally.Figures[0].Value!.Value, 12)));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(1, 0, 0)]
    public void Cosine_of_zeros(float x, float y, double expected) =>
        Assert.Equal(expected, Of("cosine", Run("[1, 1]", [[x]]), Run("[1, 1]", [[y]])).Value);

    // Of one person [1, 0] and [1, 0.1], of another [0, 1] and [1, 1]: pairs of the same at 0.995 and 0.707,
    // of others at 0.774, 0.707, 0.1, 0
    [Fact]
    public void Verification_at_the_best_threshold()
    {
        var run = Run("[1, 2]", [[1, 0], [1, 0.1f], [0, 1], [1, 1]], [7, 7, 9, 9]);
        var tally = Of("verification", run, run);
        // All of the same, and two of four others, at 0.707; one of two, and none of the others, at 0.995.
        Assert.Equal(0.75, tally.Value);
        Assert.Equal(0.995, Math.Round(tally.Figures[1].Value!.Value, 3));
    }

    [Fact]
    public void Equal_error_is_where_both_mistakes_are_as_frequent()
    {
        List<(double, bool)> pairs =
            [(0.9, true), (0.8, false), (0.7, true), (0.6, false), (0.5, true), (0.4, false), (0.3, false), (0.2, true)];
        var curve = VerificationTally.Best(pairs)!.Value;
        Assert.Equal((0.5, 0.625), (curve.EqualError, curve.Accuracy));
    }

    [Fact]
    public void Verification_without_a_pair_of_the_same_says_nothing()
    {
        var run = Run("[1, 2]", [[1, 0], [0, 1]], [0, 1]);
        Assert.Null(Of("verification", run, run).Value);
    }

    // Found  0 1 / 1 1, labels 0 0 / 1 void: class 0: 1 of 2, class 1: 1 of 2
    [Theory]
    [InlineData("[1, 2, 2, 2]", new float[] { 5, 0, 0, 0, 1, 1, 1, 1 })]
    [InlineData("[1, 3, 3, 2]", new float[] { 5, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 })]
    public void Intersection_over_union(string shape, float[] scores)
    {
        int pixels = scores.Length / 2;
        double[] labels = [0, 0, 1, .. Enumerable.Repeat(255.0, pixels - 3)];
        var run = Run(shape, [scores]);
        var tally = Of("miou", run, run, truth: [Tensor.Create(Shape.Of(pixels), labels)]);
        Assert.Equal(0.5, tally.Value);
        Assert.Equal([("pixels", 2 / 3.0), ("worst class", 0.5), ("classes", 2.0)], tally.Figures.Select(f => (f.Name, f.Value!.Value)));
    }

    [Fact]
    public void Maps_without_labels_are_those_of_the_float_network() =>
        Assert.Equal((1 / 2.0 + 2 / 3.0) / 2, Of("miou", Run("[1, 2, 2, 2]", [[5, 5, 0, 0, 1, 1, 1, 1]]),
            Run("[1, 2, 2, 2]", [[5, 0, 0, 0, 1, 1, 1, 1]])).Value);

    [Fact]
    public void Absolute_errors_of_numbers()
    {
        var run = Run("[1, 2]", [[1, 2], [3, 4]]);
        var tally = Of("mae", run, run, truth: [Tensor.Vector(1.5, 2), Tensor.Vector(3.0, 2)]);
        Assert.Equal((0.625, 2.0), (tally.Value!.Value, tally.Figures[0].Value!.Value));
    }

    [Fact]
    public void Absolute_errors_against_the_float_network() =>
        Assert.Equal(0.25, Of("mae", Run("[1, 2]", [[1, 2]]), Run("[1, 2]", [[1, 2.5f]])).Value);

    [Fact]
    public void Parts_merge_to_the_same_bits_in_any_order()
    {
        var random = new Random(1);
        float[][] numbers =
            [.. Enumerable.Range(0, 60).Select(_ => Enumerable.Range(0, 8).Select(_ => random.NextSingle() - 0.5f).ToArray())];
        float[][] others = [.. numbers.Select(row => row.Select(x => x + 0.01f * random.NextSingle()).ToArray())];
        int[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 4)];
        foreach (var metric in MetricTable.All.Where(m => m.Name is not "boxes"))
        {
            string shape = metric.Name == "miou" ? "[1, 2, 2, 2]" : "[1, 8]";
            ModelRun real = Run(shape, numbers, labels), whole = Run(shape, others, labels);
            var samples = Samples(whole, real, null).ToList();
            var model = new MetricModel(whole.Model, real.Model, real.Results[0]);
            var once = Sum(samples);
            var parts = new[] { Sum(samples.Skip(40).Reverse()), Sum(samples.Take(13)), Sum(samples.Skip(13).Take(27)) };
            parts[0].Merge(parts[1]);
            parts[0].Merge(parts[2]);
            Assert.Equal(metric.Read(once).Value, metric.Read(parts[0]).Value);
            Assert.Equal(metric.Read(once).Figures, metric.Read(parts[0]).Figures);

            MetricSums Sum(IEnumerable<MetricSample> some)
            {
                var tally = metric.Begin(model);
                foreach (var sample in some) tally.Add(sample);
                return tally.Sums;
            }
        }
    }

    [Theory]
    [InlineData(new[] { 1e16, 1, -1e16 }, 1)]
    [InlineData(new[] { 0.1, 0.2, -0.3 }, 2.7755575615628914e-17)]
    [InlineData(new[] { 5e-324, 5e-324 }, 1e-323)]
    [InlineData(new[] { double.MaxValue, -double.MaxValue, -2.5 }, -2.5)]
    [InlineData(new[] { double.NaN, double.PositiveInfinity, 3 }, 3)]
    public void An_exact_sum_rounds_once(double[] numbers, double expected)
    {
        var sum = new ExactSum();
        foreach (double number in numbers) sum.Add(number);
        Assert.Equal(expected, sum.Value);
    }

    private static MetricReading Of(string name, ModelRun real, ModelRun whole, int[]? labels = null, IReadOnlyList<Tensor>? truth = null)
    {
        if (labels is not null)
            whole = whole with { Results = [.. whole.Results.Zip(labels, (result, label) => result with { Label = label })] };
        var metric = MetricTable.Of(name);
        var tally = metric.Begin(new(whole.Model, real.Model, real.Results[0]));
        foreach (var sample in Samples(whole, real, truth)) tally.Add(sample);
        return metric.Read(tally.Sums);
    }

    private static IEnumerable<MetricSample> Samples(ModelRun run, ModelRun real, IReadOnlyList<Tensor>? truth) =>
        run.Results.Zip(real.Results, (found, expected) => (found, expected))
            .Select((pair, i) => new MetricSample(i, pair.found, pair.expected) { Truth = truth?[i] });

    private static ModelRun Run(string shape, float[][] outputs, int[]? labels = null)
    {
        var graph = TextParser.ParseOne($"graph @g(%x: f32{shape}) {{ %y = nn.neg(%x) return %y }}");
        var type = graph.Outputs[0].Type.Shape;
        return new(new("g", graph), "",
            [.. outputs.Select((numbers, i) => new SampleResult($"{i}", labels?[i], [Tensor.Create(type, numbers)]))]);
    }
}
