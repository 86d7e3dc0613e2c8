using CortexMl.Data;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Text;
using Xunit;
using CalibratePass = CortexMl.Passes.Calibrate.Calibrate;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>What statistics alone say of the noise, against the same measured in float.</summary>
public class NoiseEstimateTests
{
    private const string Plain = """
        %0 = nn.conv2d(%data, @a) {kernel = [3, 3], padding = [1, 1]}
        %1 = nn.relu(%0)
        %2 = nn.conv2d(%1, @b) {kernel = [3, 3], padding = [1, 1]}
        %3 = nn.relu(%2)
        """;

    private const string Deep = Plain + "\n" + """
        %4 = nn.conv2d(%3, @c) {kernel = [3, 3], padding = [1, 1]}
        %5 = nn.relu(%4)
        %6 = nn.conv2d(%5, @b) {kernel = [3, 3], padding = [1, 1]}
        %7 = nn.relu(%6)
        %8 = nn.conv2d(%7, @c) {kernel = [3, 3], padding = [1, 1]}
        %9 = nn.relu(%8)
        """;

    private const string Residual = Plain + "\n" + """
        %4 = nn.conv2d(%3, @c) {kernel = [3, 3], padding = [1, 1]}
        %5 = nn.add(%4, %1)
        %6 = nn.relu(%5)
        """;

    [Theory]
    [InlineData(Plain + "\nreturn %3")]
    [InlineData(Deep + "\nreturn %9")]
    [InlineData(Residual + "\nreturn %6")]
    [InlineData(Residual + "\n%7 = nn.max_pool2d(%6) {kernel = [2, 2], strides = [2, 2]}\nreturn %7")]
    [InlineData(Residual + "\n%7 = nn.concat(%6, %3) {axis = 1}\nreturn %7")]
    public void It_is_no_better_than_what_is_measured_and_near_it(string body)
    {
        var (estimate, measured) = Both(body);
        Assert.NotNull(estimate);
        double away = 10 * Math.Log10(estimate.Value / measured);
        Assert.True(away is > -1 and < 7, $"{-10 * Math.Log10(estimate.Value):F1} dB, measured {-10 * Math.Log10(measured):F1}");
    }

    [Theory]
    [InlineData(Plain + "\n%4 = nn.softmax(%3) {axis = 1}\nreturn %4")]
    [InlineData(Plain + "\n%4 = nn.mul(%3, %1)\nreturn %4")]
    public void Operators_without_a_rule_have_no_estimate(string body) => Assert.Null(Both(body).Estimate);

    // What rounded weights do counts as the same at all places, which it is in part: too much rather than too little.
    [Theory]
    [InlineData("%4 = nn.global_avg_pool(%3)\nreturn %4")]
    [InlineData("%4 = nn.avg_pool2d(%3) {kernel = [4, 4], strides = [4, 4]}\nreturn %4")]
    public void An_average_keeps_a_part(string pool)
    {
        var (estimate, measured) = Both(Plain + "\n" + pool);
        Assert.InRange(10 * Math.Log10(estimate!.Value / measured), 0, 14);
        Assert.InRange(estimate.Value, 0, 0.75 * Both(Plain + "\nreturn %3").Estimate!.Value);
    }

    private static (double? Estimate, double Measured) Both(string body)
    {
        var graph = TextParser.ParseOne($$"""
            graph @net(%data: f32[1, 8, 12, 12]) {
              @a: f32[16, 8, 3, 3] = random(1)
              @b: f32[16, 16, 3, 3] = random(2)
              @c: f32[16, 16, 3, 3] = random(3)
              {{body}}
            }
            """);
        var services = new PassServices
        {
            Samples = new RandomSamples([graph.Inputs[0].Type.Shape], 8), FloatEvaluator = new PortableEvaluator(1),
        };
        var options = new PassOptions(CalibratePass.Record, new Dictionary<string, string>());
        new CalibratePass().Run(graph, new PassContext(options, new Rewriter(graph), services));
        var channels = ChannelScales.Of(graph, QuantizeSettings.Default);
        var layers = graph.Operations.Where(LayerWidth.MayBeWide).ToList();
        using var measurement = new DamageMeasurement(
            graph, layers, [.. services.Samples.Read()], v => channels[v] ?? Demands.Covering(DemandPrecision.Data, v).Units,
            services.FloatEvaluator);
        return (NoiseEstimate.Worst(graph, services.Results.Get<CalibrationFile>()!, channels), measurement.Together().Max());
    }
}
