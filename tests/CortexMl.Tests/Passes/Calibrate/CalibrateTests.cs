using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;
using CalibratePass = CortexMl.Passes.Calibrate.Calibrate;

namespace CortexMl.Tests.Passes.Calibrate;

public class CalibrateTests
{
    [Fact]
    public void Inputs_and_results_get_thresholds_and_constants_none()
    {
        var graph = Network();
        Run(graph, Data([1, -3], [2.1f, 0]));
        Assert.Equal(4.5, graph.Inputs[0].Type.Threshold);
        Assert.Equal([null, null, 7.0, 6.203125], graph.Operations.Select(o => o.Result.Type.Threshold));
    }

    [Fact]
    public void The_file_says_what_was_measured()
    {
        var services = Run(Network(), Data([1, -3], [2.1f, 0]));
        string digest = GraphDigest.OfNamed(Network()), rest = "\"count\": 4, \"channels\": [1.25, 1.25]";
        Assert.Equal(
            $$"""
            {
              "format": 1,
              "model": "{{digest}}",
              "data": "2 samples by hand",
              "method": "mse",
              "inputs": {"data": [1, 2]},
              "preprocessing": {},
              "values": [
                {"name": "data", "threshold": 4.5, "min": -3, "max": 2.1, "mean": 0.025878906, "std": 1.8977538, {{rest}}},
                {"name": "0", "threshold": 7, "min": -7, "max": 6.2, "mean": 1.3017578, "std": 5.0167804, "count": 4},
                {"name": "out", "threshold": 6.203125, "min": 0, "max": 6.2, "mean": 3.0517578, "std": 2.3035343, "count": 4}
              ]
            }

            """.ReplaceLineEndings("\n"), services.Results.Get<CalibrationFile>()!.Write());
    }

    [Fact]
    public void The_file_gives_the_same_thresholds_as_the_data()
    {
        Graph measured = Network(), read = Network();
        string text = Run(measured, Data([1, -3], [2.1f, 0])).Results.Get<CalibrationFile>()!.Write();
        var services = Run(read, null, text);
        Assert.Equal(Thresholds(measured), Thresholds(read));
        Assert.Equal(text, services.Results.Get<CalibrationFile>()!.Write());
    }

    [Fact]
    public void The_order_of_the_data_does_not_change_the_file() =>
        Assert.Equal(Written(Data([1, -3], [2.1f, 0], [0.3f, 9])), Written(Data([0.3f, 9], [2.1f, 0], [1, -3])));

    private static string Written(ISampleSource data) => Run(Network(), data).Results.Get<CalibrationFile>()!.Write();

    [Fact]
    public void Graph_inputs_and_outputs_are_never_cut_off_and_what_lies_between_is()
    {
        var graph = Network();
        Run(graph, Data([.. Enumerable.Repeat<float[]>([0.5f, 0.25f], 200), [64, 0]]), method: "percentile", percentile: "50");
        Assert.Equal(82.25, graph.Inputs[0].Type.Threshold);
        Assert.Equal(130, graph.Outputs[0].Type.Threshold);
        // Its relu is returned with 16 bits, which hold the large numbers too.
        Assert.Equal(130, graph.Operations[2].Result.Type.Threshold);
    }

    [Fact]
    public void What_only_layers_read_is_cut_off()
    {
        var graph = Network(isReadByLayer: true);
        Run(graph, Data([.. Enumerable.Repeat<float[]>([0.5f, 0.25f], 200), [64, 0]]), method: "percentile", percentile: "50");
        Assert.InRange(graph.Operations[2].Result.Type.Threshold!.Value, 2.5, 3.1);
    }

    [Fact]
    public void An_option_of_another_method_is_refused() =>
        Assert.Equal(
            "error CML0903: pass 'calibrate': option 'percentile' means nothing to method mse\n  help: give method=percentile with it",
            Assert.Throws<DiagnosticException>(() => Run(Network(), Data([1, 2]), percentile: "99")).Message);

    [Fact]
    public void Values_that_are_always_zero_get_threshold_zero_and_a_note()
    {
        var graph = Network();
        var services = Run(graph, Data([-4, -5]));
        Assert.Equal(0, graph.Outputs[0].Type.Threshold);
        Assert.Equal("note CML0554: 1 of 3 values is zero for every sample: %out", services.Diagnostics.Items.Single().ToString());
    }

    [Fact]
    public void No_data_at_all_is_an_error_that_names_the_ways_out() =>
        Assert.Equal(
            "error CML0550: there is no calibration data\n  help: give data with --data, a file of an earlier run with --calibration, or try the network out with --random-data",
            Fails(null));

    [Fact]
    public void Empty_data_is_an_error() =>
        Assert.StartsWith("error CML0551: the calibration data has no samples: 0 samples by hand", Fails(Data()), StringComparison.Ordinal);

    [Fact]
    public void A_sample_of_another_shape_is_named_with_both_shapes() =>
        Assert.StartsWith(
            "error CML0552: sample '1' is [1, 3], input 'data' is [1, 2]", Fails(Data([1, 2], [1, 2, 3])), StringComparison.Ordinal);

    [Fact]
    public void A_sample_with_nan_is_named() =>
        Assert.StartsWith("error CML0553: sample '1': input 'data' holds NaN at element 1",
            Fails(Data([1, 2], [1, float.NaN])), StringComparison.Ordinal);

    [Fact]
    public void A_value_that_overflows_is_named_with_the_sample() =>
        Assert.StartsWith(
            "error CML0553: sample '0': value '%0' holds infinity at element 0", Fails(Data([3e38f, 1])), StringComparison.Ordinal);

    [Fact]
    public void A_calibration_file_of_another_network_is_refused_with_both_digests()
    {
        string text = Run(Network(bias: 5), Data([1, 2])).Results.Get<CalibrationFile>()!.Write();
        string message = Assert.Throws<DiagnosticException>(() => Run(Network(), null, text)).Message;
        Assert.Contains(GraphDigest.OfNamed(Network()), message, StringComparison.Ordinal);
        Assert.Contains(GraphDigest.OfNamed(Network(bias: 5)), message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_and_unknown_values_of_a_calibration_file_are_listed()
    {
        string text = Written(Data([1, 2])).Replace("\"out\"", "\"end\"", StringComparison.Ordinal);
        string message = Assert.Throws<DiagnosticException>(() => Run(Network(), null, text)).Message;
        Assert.Contains("the calibration file has no threshold for %out", message, StringComparison.Ordinal);
        Assert.Contains("the calibration file names what the network does not have: %end", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Channels_of_a_calibration_file_are_those_of_the_value()
    {
        string text = Written(Data([1, -3], [2.1f, 0])).Replace("[1.25, 1.25]", "[1.25, 1.25, 1]", StringComparison.Ordinal);
        string message = Assert.Throws<DiagnosticException>(() => Run(Network(), null, text)).Message;
        Assert.Contains("the calibration file gives %data 3 channels, it has 2", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_has_no_channels()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[2]) {\n  return %x\n}");
        var file = new CalibrationFile(GraphDigest.OfNamed(graph), "d", "mse", [new CalibratedValue("x", 1) { Channels = [1, 1] }]);
        string message = Assert.Throws<DiagnosticException>(() => CalibrationMatch.Entries(graph, file, "f")).Message;
        Assert.Contains("gives %x 2 channels, it has 0", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("4.5", "[0.5, 1]", "2.25 4.5")]
    [InlineData("4.5", "[0.5, 0]", "2.25 4.5")]
    [InlineData("4.5", "[0.5, 0.5]", "")]
    [InlineData("4.5", "[]", "")]
    [InlineData("0", "[0.5, 1]", "")]
    public void Channels_have_thresholds_of_their_own_where_they_differ(string threshold, string shares, string expected)
    {
        var graph = Network();
        string text = Written(Data([1, -3], [2.1f, 0])).Replace("[1.25, 1.25]", shares, StringComparison.Ordinal);
        Run(graph, null, text.Replace("\"threshold\": 4.5", $"\"threshold\": {threshold}", StringComparison.Ordinal));
        Assert.Equal(expected, string.Join(' ', graph.Inputs[0].Type.Channels?.Values ?? []));
    }

    /// <summary>No method is asked about it, and nothing grows.</summary>
    [Theory]
    [InlineData("absmax")]
    [InlineData("mse")]
    public void A_layers_data_that_is_always_zero_has_neither_threshold_nor_channels(string method)
    {
        var graph = Network(isReadByLayer: true);
        var services = Run(graph, Data([-4, -5]), method: method);
        Assert.Equal(0, graph.Operations.Single(o => o.Result.Name == "out").Result.Type.Threshold);
        Assert.Empty(services.Results.Get<CalibrationFile>()!.Values.Single(v => v.Name == "out").Channels);
    }

    [Fact]
    public void Progress_is_reported_for_each_sample()
    {
        var progress = new Heard();
        Run(Network(), Data([1, 2], [3, 4]), progress: progress);
        Assert.Equal(["calibrate 1/2", "calibrate 2/2"], progress.Reports);
    }

    [Fact]
    public void The_digest_knows_elements_but_not_thresholds_or_the_graphs_name()
    {
        Graph graph = Network(), other = Network("renamed");
        Run(graph, Data([1, 2]));
        Assert.Equal(GraphDigest.OfNamed(other), GraphDigest.OfNamed(graph));
        Assert.NotEqual(GraphDigest.OfNamed(other), GraphDigest.OfNamed(Network(bias: 3)));
    }

    [Theory]
    [InlineData("max = 6.0", "max = 7.0")]
    [InlineData("return %a, %b", "return %b, %a")]
    [InlineData("[1, 2]", "[2, 1]")]
    [InlineData("= [3]", "= [4]")]
    [InlineData("nn.mul", "nn.add")]
    public void The_digest_knows_all_that_the_network_computes(string one, string other)
    {
        const string Text = """
            graph @network(%x: f32[1, 2]) {
              @c: f32[1] = [3]
              %a = nn.clip(%x) {min = 0.0, max = 6.0}
              %b = nn.mul(%a, @c)
              return %a, %b
            }
            """;
        string changed = Text.Replace(one, other, StringComparison.Ordinal);
        Assert.NotEqual(Text, changed);
        Assert.NotEqual(
            GraphDigest.OfNamed(TextParser.ParseOne(Text)),
            GraphDigest.OfNamed(TextParser.ParseOne(changed)));
    }

    /// <summary>relu([2·x + bias, 3·y + bias]) of an input [x, y].</summary>
    private static Graph Network(string name = "network", float bias = 2, bool isReadByLayer = false)
    {
        var build = new GraphBuilder(name, Level.Float);
        var data = build.Input("data", TensorType.Float(1, 2));
        var scaled = build.Op(NnConv.Dense,
            [data, build.Constant("w", Tensor.Create(Shape.Of(2, 2), [2f, 0, 0, 3])), build.Constant("b", Tensor.Vector(bias, bias))]);
        var relu = build.Op(NnUnary.Relu, [scaled], name: "out");
        build.Output(isReadByLayer
            ? build.Op(NnConv.Dense, [relu, build.Constant("v", Tensor.Create(Shape.Of(2, 2), [1f, 0, 0, 1]))], name: "last")
            : relu);
        return build.Build();
    }

    private static double?[] Thresholds(Graph graph) =>
        [.. CortexMl.Passes.Calibrate.Measurement.Values(graph).Select(v => v.Type.Threshold)];

    private static PassServices Run(
        Graph graph, ISampleSource? samples, string? file = null, string? method = null, string? percentile = null,
        IProgressSink? progress = null)
    {
        var services = new PassServices
        {
            Samples = samples,
            FloatEvaluator = FloatEvaluator.Calibration,
            Progress = progress ?? NoProgress.Instance,
        };
        const string Name = "x.calibration.json";
        if (file is not null) services.Given.Set(new GivenCalibration(Name, new CalibrationReader(Name).Read(file)));
        var given = new Dictionary<string, string>();
        if (method is not null) given["method"] = method;
        if (percentile is not null) given["percentile"] = percentile;
        var options = new PassOptions(CalibratePass.Record, given);
        new CalibratePass().Run(graph, new PassContext(options, new Rewriter(graph), services));
        return services;
    }

    private static string Fails(ISampleSource? samples) => Assert.Throws<DiagnosticException>(() => Run(Network(), samples)).Message;

    private static Handmade Data(params float[][] samples) => new(samples);

    private sealed class Handmade(float[][] samples) : ISampleSource
    {
        public string Description => $"{samples.Length} samples by hand";

        public int Count => samples.Length;

        public IEnumerable<Sample> Read() => samples.Select((s, i) => new Sample([Tensor.Create(Shape.Of(1, s.Length), s)], null, $"{i}"));
    }

    private sealed class Heard : IProgressSink
    {
        public List<string> Reports { get; } = [];

        public void Report(string stage, long done, long total) => Reports.Add($"{stage} {done}/{total}");
    }
}
