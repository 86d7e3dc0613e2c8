using CortexMl.Data;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;
using Xunit;
using CalibratePass = CortexMl.Passes.Calibrate.Calibrate;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>In how many runs of the network the layers' damage is measured.</summary>
public sealed class DamageMeasurementTests
{
    // 512 layers of one kind are measured two at a time; both have their share.
    [Theory]
    [InlineData(256, 257)]
    [InlineData(512, 257)]
    public void Of_many_layers_neighbours_are_measured_together(int count, int runs)
    {
        var graph = Chain(count);
        var counter = new CountingEvaluator();
        var services = new PassServices { Samples = new RandomSamples([graph.Inputs[0].Type.Shape], 1), FloatEvaluator = counter };
        var options = new PassOptions(CalibratePass.Record, new Dictionary<string, string>());
        new CalibratePass().Run(graph, new PassContext(options, new Rewriter(graph), services));
        var layers = graph.Operations.Where(LayerWidth.MayBeWide).ToList();
        using var measurement = new DamageMeasurement(
            graph, layers, [.. services.Samples.Read()], v => Demands.Covering(DemandPrecision.Data, v).Units, counter);
        counter.Runs = 0;
        var damage = measurement.Run(Names.Of(graph), services).Layers;
        Assert.Equal(runs, counter.Runs);
        Assert.Equal(count, damage.Count);
        Assert.All(damage.Skip(1), d => Assert.InRange(d.Data[0] + d.Weights[0], 1e-9, 1));
    }

    private static Graph Chain(int count)
    {
        var build = new GraphBuilder("chain", Level.Float);
        var value = build.Input("x", TensorType.Float(1, 4));
        for (int i = 0; i < count; i++)
        {
            float[] turn = [0.5403f, 0.8415f, 0, 0, -0.8415f, 0.5403f, 0, 0, 0, 0, 0.2837f, 0.9589f, 0, 0, -0.9589f, 0.2837f];
            value = build.Op(NnConv.Dense, [value, build.Constant($"w{i}", Tensor.Create(Shape.Of(4, 4), turn))]);
        }
        build.Output(value);
        return build.Build();
    }

    private sealed class CountingEvaluator : IFloatEvaluator
    {
        private readonly PortableEvaluator _inner = new(1);

        public int Runs { get; set; }

        public IFloatSession Prepare(Graph graph, IReadOnlyList<Value> observed) => new Session(this, _inner.Prepare(graph, observed));

        private sealed class Session(CountingEvaluator owner, IFloatSession inner) : IFloatSession
        {
            public IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs)
            {
                owner.Runs++;
                return inner.Run(inputs);
            }

            public void Dispose() => inner.Dispose();
        }
    }
}
