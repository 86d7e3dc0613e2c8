using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Judging;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;
using CalibratePass = CortexMl.Passes.Calibrate.Calibrate;

namespace CortexMl.Tests.Passes.Calibrate.Judging;

/// <summary>Method auto on networks so small that every candidate is tried by the definition, in double.</summary>
public class AutoCalibrationTests
{
    private const int Inputs = 3, Hidden = 4, Outputs = 2, Place = 2;

    /// <summary>More than what a histogram's bins blur.</summary>
    private const double Near = 0.04;

    [Theory]
    [InlineData(1, 20, 0)]
    [InlineData(2, 32, 0)]
    [InlineData(3, 32, 9)]
    [InlineData(4, 12, 4)]
    [InlineData(5, 5, 0)]
    [InlineData(6, 2, 0)]
    public void Errors_are_what_the_definition_says(int seed, int count, float outlier)
    {
        var network = new Tiny(seed, count, outlier);
        var choices = network.Choices();
        choices.Add(new(network.Most / 2, Demand.Covering(DemandPrecision.Data, network.Most / 2).Units));
        choices.Add(new(network.Most, Scale.PerChannel(1, "own", [.. Enumerable.Range(1, Hidden).Select(c => 40.0 * c / network.Most)])));
        double[] errors = network.Judge().Errors(network.Value, choices);
        double[] defined = network.Defined(choices);
        for (int c = 0; c < choices.Count; c++) Assert.InRange(errors[c] / defined[c], 1 - Near, 1 + Near);
        Assert.True(defined.Distinct().Count() > 2);
    }

    [Fact]
    public void The_least_error_is_taken_and_of_errors_that_are_alike_the_one_that_cuts_off_least()
    {
        var taken = new SortedSet<string>(StringComparer.Ordinal);
        for (int seed = 0; seed < 24; seed++)
        {
            var network = new Tiny(seed, 32, seed % 3 == 0 ? 0 : seed);
            var choices = network.Choices();
            double[] errors = network.Defined(choices);
            string chosen = network.Calibrated().Values[Place].Method!;
            int place = AutoCalibration.Methods.Index().Single(m => m.Item.Method.Name == chosen).Index;
            double most = choices.Max(c => c.Threshold);
            taken.Add(chosen);
            if (most <= 1.02 * choices.Min(c => c.Threshold))
            {
                Assert.Equal(most, choices[place].Threshold);
                continue;
            }
            Assert.True(errors[place] <= 1.05 * (1 + 2 * Near) * errors.Min());
            for (int c = 0; c < choices.Count; c++)
                if (choices[c].Threshold > choices[place].Threshold) Assert.True(errors[c] >= 1.05 * (1 - 2 * Near) * errors.Min());
        }
        Assert.True(taken.Count > 1, string.Join(", ", taken));
    }

    [Fact]
    public void Each_value_says_its_method_and_has_the_threshold_of_it()
    {
        var network = new Tiny(3, 32, 9);
        var file = network.Calibrated();
        Assert.Equal("auto", file.Method);
        Assert.Equal(["absmax", "mse", "absmax"], new[] { 0, 1, 3 }.Select(i => file.Values[i].Method));
        int method = AutoCalibration.Methods.Index().Single(m => m.Item.Method.Name == file.Values[Place].Method).Index;
        Assert.Equal(network.Choices()[method].Threshold, file.Values[Place].Threshold);
    }

    [Fact]
    public void The_order_of_more_samples_than_are_kept_does_not_show()
    {
        var network = new Tiny(7, 60, 5);
        string file = network.Calibrated().Write();
        network.Turn();
        Assert.Equal(file, network.Calibrated().Write());
    }

    [Fact]
    public void A_value_that_is_always_zero_has_nothing_to_choose() =>
        Assert.Equal((0, "mse"), (new Tiny(1, 4, 0, bias: -100).Calibrated().Values[Place] is var dead ? dead.Threshold : 1, dead.Method));

    /// <summary>dense, relu, dense of made-up weights on made-up samples.</summary>
    private sealed class Tiny : ISampleSource
    {
        private readonly float[,] _second = new float[Outputs, Hidden];
        private readonly float[][] _samples;
        private readonly double[][] _hidden;
        private readonly ValueStatistics[] _statistics =
        [
            new(new ChannelStatistics(Inputs, 1)), new(), new(new ChannelStatistics(Hidden, 1)), new(),
        ];

        private readonly Graph _graph;

        public Tiny(int seed, int count, float outlier, float bias = 0.5f)
        {
            var random = new Random(seed);
            float Next() => (float)Enumerable.Range(0, 6).Sum(_ => random.NextDouble() - 0.5);
            float[] first = [.. Enumerable.Range(0, Hidden * Inputs).Select(_ => Next())];
            for (int i = 0; i < _second.Length; i++) _second[i / Hidden, i % Hidden] = Next();
            _samples = [.. Enumerable.Range(0, count).Select(_ => new[] { Next(), Next(), Next() })];
            if (outlier > 0) _samples[count / 2] = [outlier, -outlier, outlier];
            string List(IEnumerable<float> numbers) => string.Join(", ", numbers.Select(n => $"{n:R}"));
            _graph = TextParser.ParseOne($$"""
                graph @tiny(%data: f32[1, {{Inputs}}]) {
                  @a: f32[{{Hidden}}, {{Inputs}}] = [{{List(first)}}]
                  @b: f32[{{Hidden}}] = [{{List(Enumerable.Repeat(bias, Hidden))}}]
                  @c: f32[{{Outputs}}, {{Hidden}}] = [{{List(_second.Cast<float>())}}]
                  %0 = nn.dense(%data, @a, @b)
                  %1 = nn.relu(%0)
                  %2 = nn.dense(%1, @c)
                  return %2
                }
                """);
            var values = Measurement.Values(_graph);
            using var session = PortableEvaluator.Calibration.Prepare(_graph, values);
            var hidden = new List<double[]>();
            foreach (float[] sample in _samples)
            {
                var seen = session.Run([Tensor.Create(Shape.Of(1, Inputs), sample)]);
                for (int i = 0; i < values.Count; i++) _statistics[i].Add(seen[i].Data);
                hidden.Add([.. seen[Place].Data.Select(v => (double)v)]);
            }
            _hidden = [.. hidden];
        }

        public string Description => "made up";

        public int Count => _samples.Length;

        public JudgedValue Value => JudgedValue.In(_graph).Single();

        public double Most => _statistics[Place].AbsMax;

        public IEnumerable<Sample> Read() => _samples.Select(s => new Sample([Tensor.Create(Shape.Of(1, Inputs), s)], null, "x"));

        public void Turn() => Array.Reverse(_samples);

        public List<ThresholdChoice> Choices()
        {
            var choices = new List<ThresholdChoice>();
            foreach (var method in AutoCalibration.Methods)
            {
                var file = CalibratePass.Summarise(_graph, "", method, _statistics, new HashSet<string>());
                var services = new PassServices();
                services.Given.Set(new GivenCalibration("x", file));
                var options = new PassOptions(CalibratePass.Record, new Dictionary<string, string>());
                new CalibratePass().Run(_graph, new PassContext(options, new Rewriter(_graph), services));
                double threshold = file.Values[Place].Threshold;
                var own = ChannelScales.Of(_graph, QuantizeSettings.Default)[Value.Value];
                choices.Add(new(threshold, own ?? Demand.Covering(DemandPrecision.Data, threshold).Units));
            }
            return choices;
        }

        public ThresholdJudge Judge()
        {
            var parts = new DrawnParts(_graph, [Value]);
            foreach (var (i, hidden) in _hidden.Index())
            {
                parts.Begin(i, (ulong)i);
                parts.See(Place, [.. hidden.Select(h => (float)h)]);
            }
            return new(_statistics, parts, PortableEvaluator.Calibration);
        }

        public CalibrationFile Calibrated()
        {
            var services = new PassServices { Samples = this, FloatEvaluator = PortableEvaluator.Calibration };
            var options = new PassOptions(CalibratePass.Record, new Dictionary<string, string> { ["method"] = "auto" });
            new CalibratePass().Run(_graph, new PassContext(options, new Rewriter(_graph), services));
            return services.Results.Get<CalibrationFile>()!;
        }

        public double[] Defined(IReadOnlyList<ThresholdChoice> choices) =>
            [.. choices.Select(c => (OfRounding(c.Scales) + Gain(c.Scales) * OfSaturation(c.Scales)) / _hidden.Sum(Squares))];

        private double Gain(Scale scales)
        {
            double[] Cut(double[] x) => [.. x.Select((v, k) => Math.Max(0, v - 127 / scales.At(k)))];
            double[] Rounded(double[] x) => [.. x.Select((v, k) => Rounding(v, scales.At(k)))];
            Func<double[], double[]> probe = _hidden.Sum(x => Cut(x).Sum()) > 0 ? Cut : Rounded;
            double lost = _hidden.Sum(x => probe(x).Sum(v => v * v));
            return lost > 0 ? _hidden.Sum(x => Squares(probe(x))) / lost : 0;
        }

        private double Squares(double[] x) =>
            Enumerable.Range(0, Outputs).Sum(o => Math.Pow(Enumerable.Range(0, Hidden).Sum(k => _second[o, k] * x[k]), 2));

        private static double Rounding(double v, double scale) => v * scale > 127 ? 0 : Math.Floor(v * scale + 0.5) / scale - v;

        private double OfRounding(Scale scales)
        {
            double all = 0;
            for (int o = 0; o < Outputs; o++)
            {
                double largest = Enumerable.Range(0, Hidden).Max(k => Math.Abs(_second[o, k] / scales.At(k)));
                foreach (double[] x in _hidden)
                {
                    double error = 0;
                    for (int k = 0; k < Hidden; k++)
                    {
                        double step = largest / 127 * scales.At(k), weight = Math.Floor(_second[o, k] / step + 0.5) * step;
                        error += _second[o, k] * Rounding(x[k], scales.At(k)) + (weight - _second[o, k]) * x[k];
                    }
                    all += error * error;
                }
            }
            return all;
        }

        private double OfSaturation(Scale scales)
        {
            double all = 0;
            for (int k = 0; k < Hidden; k++)
            {
                double reach = 127 / scales.At(k);
                double[] largest = [.. _hidden.Select(x => x[k]).OrderDescending(), 0, 0, 0];
                int beyond = Enumerable.Range(0, Hidden).Count(other => _hidden.Max(x => x[other]) > reach);
                if (largest[0] > reach) all += _hidden.Sum(x => x.Sum(v => v > reach ? (v - reach) * (v - reach) : 0)) / beyond;
                double tail = (largest[0] - largest[3]) / (1 + 1 / 2.0 + 1 / 3.0);
                if (tail > 0) all += 2 * tail * tail * Math.Exp(-Math.Max(0, reach - largest[0]) / tail);
            }
            return all;
        }
    }
}
