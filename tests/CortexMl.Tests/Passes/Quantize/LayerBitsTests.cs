using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tests.Passes.Prepare;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Layers of 15 bits in two parts, and scales of single channels: what they do to the distance from the float network.</summary>
public sealed class LayerBitsTests
{
    // Two layers, since what an input has are 8 bits. An image that is never the middle of a code.
    private const string Network = """
        graph @net(%data: f32[1, 4, 6, 6]) {
          @a: f32[8, 4, 1, 1] = random(1)
          @w: f32[4, 8, 3, 3] = random(2)
          @b: f32[4] = [0.5, -0.25, 1, 0]
          %x = nn.conv2d(%data, @a) {kernel = [1, 1]}
          %y = nn.conv2d(%x, @w, @b) {BITSkernel = [3, 3], padding = [1, 1]}
          return %y
        }
        """;

    [Theory]
    [InlineData("", 37, 47)]
    [InlineData("bits = [15, 8], ", 41, 52)]
    [InlineData("bits = [8, 15], ", 38, 49)]
    public void Bits_of_data_and_weights_bring_the_integers_nearer(string bits, double least, double most) =>
        Assert.InRange(SignalToNoise(Network.Replace("BITS", bits, StringComparison.Ordinal)), least, most);

    // What is left comes from the first layer's own weights and from the 8 bits of the input.
    [Fact]
    public void With_15_bits_of_both_the_layer_adds_nothing_that_shows()
    {
        string network = Network.Replace("kernel = [1, 1]", "bits = [8, 15], kernel = [1, 1]", StringComparison.Ordinal);
        double narrow = SignalToNoise(network.Replace("BITS", "", StringComparison.Ordinal));
        double both = SignalToNoise(network.Replace("BITS", "bits = [15, 15], ", StringComparison.Ordinal));
        Assert.InRange(both, narrow + 6, 100);
    }

    private static double SignalToNoise(string text)
    {
        var graph = TextParser.ParseOne(text);
        var inputs = Enumerable.Range(0, 4).Select(seed => RandomNetwork.Input(seed, graph.Inputs[0].Type.Shape)).ToList();
        var expected = inputs.SelectMany(i => NaiveEvaluator.Run(graph, [i])[0].Data).ToArray();
        IntegerRun.Calibrate(graph, inputs.Select(input => new[] { input }));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        var actual = inputs.SelectMany(i => IntegerRun.Of(graph, [i])[0]).ToArray();
        double signal = expected.Sum(v => v * v), noise = expected.Zip(actual).Sum(p => (p.First - p.Second) * (p.First - p.Second));
        return 10 * Math.Log10(signal / noise);
    }
}
