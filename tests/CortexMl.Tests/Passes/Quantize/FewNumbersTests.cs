using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Whether centred data is an offer to a layer is said by the calibration file: where it is, its damage is.</summary>
public sealed class FewNumbersTests
{
    [Theory]
    [InlineData("relu", 16, true)]
    [InlineData("swish", 16, false)]
    [InlineData("swish", 127, false)]
    [InlineData("swish", 128, true)]
    [InlineData("tanh", 128, false)]
    public void Data_that_goes_below_zero_is_centred_where_its_channels_are_known(string function, int samples, bool expected)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 8]) {
              @a: f32[16, 8] = random(1)
              @b: f32[16] = [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]
              @w: f32[4, 16] = random(2)
              %0 = nn.dense(%x, @a, @b)
              %1 = nn.{{function}}(%0)
              %2 = nn.dense(%1, @w)
              return %2
            }
            """);
        var services = new PassServices { Samples = new Waves(samples), FloatEvaluator = new PortableEvaluator(threads: 1) };
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("calibrate,choose-widths{min-db=70,gas=1}"), services);
        var damage = services.Results.Get<CalibrationFile>()!.Damage;
        Assert.Equal(2, damage.Count);
        Assert.Empty(damage[0].Centred);
        Assert.Equal(expected, damage[1].Centred.Count == 1);
    }

    private sealed class Waves(int count) : ISampleSource
    {
        public string Description => "waves";

        public int Count => count;

        public IEnumerable<Sample> Read() => Enumerable.Range(0, count).Select(i => new Sample(
            [Tensor.Create(Shape.Of(1, 8), [.. Enumerable.Range(0, 8).Select(k => (float)Math.Sin(i * (k + 1.5)))])], null, $"{i}"));
    }
}
