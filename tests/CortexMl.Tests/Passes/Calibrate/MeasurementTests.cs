using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Judging;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>What is measured of which value, and what of samples is refused.</summary>
public sealed class MeasurementTests
{
    private const string Dense = "@w: f32[1, C] = random(1)\n  %y = nn.dense(%x, @w)", Relu = "%y = nn.relu(%x)";

    [Theory]
    [InlineData("[1, 2]", Dense, true)]
    [InlineData("[1, 2]", "@d: f32[3, 2] = random(1)\n  %y = nn.dense(@d, %x)", false)]
    [InlineData("[1, 2]", Relu, false)]
    [InlineData("[2]", Relu, false)]
    [InlineData("[2, 1]", Dense, false)]
    [InlineData("[1, 65536]", Dense, true)]
    [InlineData("[1, 65537]", Dense, false)]
    [InlineData("[1, 2, 4, 4]", "%y = nn.avg_pool2d(%x) {kernel = [3, 2]}", true)]
    [InlineData("[1, 2, 4, 4]", "%y = nn.avg_pool2d(%x) {kernel = [2, 2]}", false)]
    [InlineData("[1, 2, 4, 4]", "%y = nn.max_pool2d(%x) {kernel = [2, 2]}", false)]
    [InlineData("[1, 2, 0, 4]", "@w: f32[1, 2, 1, 1] = 1\n  %y = nn.conv2d(%x, @w) {kernel = [1, 1], padding = [1, 1]}", false)]
    public void Channels_are_those_of_data_that_layers_read(string shape, string body, bool expected) =>
        Assert.Equal(expected, Measurement.HasChannels(Network(shape, body).Inputs[0]));

    [Theory]
    [InlineData(0, "sample '0' has 0 tensors, the network has 1 input: x")]
    [InlineData(2, "sample '0' has 2 tensors, the network has 1 input: x")]
    public void A_sample_has_a_tensor_for_each_input(int count, string told)
    {
        var graph = Network("[1, 2]", Relu);
        var error = Assert.Throws<DiagnosticException>(() => Measurement.Run(
            graph, new Tensors(count), PortableEvaluator.Calibration, new PassServices(), new DrawnParts(graph, [])));
        Assert.StartsWith($"error CML0552: {told}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_nothing_mean_and_deviation_are_zero() =>
        Assert.Equal((0, 0), (new ValueStatistics().Mean, new ValueStatistics().Deviation));

    private static Graph Network(string shape, string body) => TextParser.ParseOne(
        $"graph @g(%x: f32{shape}) {{\n  {body.Replace("C]", shape.Split(", ")[^1], StringComparison.Ordinal)}\n  return %y\n}}");

    private sealed class Tensors(int count) : ISampleSource
    {
        public string Description => "by hand";

        public int Count => 1;

        public IEnumerable<Sample> Read() =>
            [new Sample([.. Enumerable.Repeat(Tensor.Create(Shape.Of(1, 2), [1f, 2f]), count)], null, "0")];
    }
}
