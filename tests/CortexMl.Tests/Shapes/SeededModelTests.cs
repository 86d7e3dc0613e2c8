using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Running;
using CortexMl.Shapes;
using Xunit;

namespace CortexMl.Tests.Shapes;

public sealed class SeededModelTests
{
    /// <summary>Multiplications as the literature counts them for 224 x 224, and parameters, both in millions.</summary>
    [Theory]
    [InlineData("resnet18", 1814, 11.7)]
    [InlineData("resnet50", 4089, 25.5)]
    [InlineData("mobilenet_v1", 569, 4.2)]
    public void Networks_have_the_known_sizes(string network, double millions, double parameters)
    {
        var graph = SeededModel.Graph(network, batch: 1, size: 224, seed: 1);
        double products = graph.Operations.Where(o => o.Spec == CvmConv.Conv2D || o.Spec == CvmConv.Dense)
            .Sum(o => (double)o.Result.Type.Shape.Count * (o.Operands[1].Type.Shape.Count / o.Operands[1].Type.Shape[0]));
        double weights = graph.Constants.Where(c => c.Result.Type.Shape.Rank is 2 or 4).Sum(c => (double)c.Result.Type.Shape.Count);
        Assert.InRange(products / 1e6, millions - 1, millions + 1);
        Assert.InRange(weights / 1e6, parameters - 0.1, parameters + 0.1);
    }

    [Fact]
    public void A_seed_gives_the_same_bytes_and_another_seed_others()
    {
        byte[] Params(int seed) => SeededModel.Make("mobilenet_v1", batch: 2, size: 32, seed).Params;
        Assert.Equal(Params(1), Params(1));
        Assert.NotEqual(Params(1), Params(2));
    }

    [Fact]
    public void Numbers_neither_die_out_nor_saturate_on_the_way()
    {
        var graph = SeededModel.Graph("resnet18", batch: 1, size: 96, seed: 1);
        var shares = new List<double>();
        using var engine = new CpuEngine(new CpuOptions
        {
            Observe = (value, tensor) =>
            {
                if (value.Producer?.Spec == CvmUnary.CvmRightShift && value.Type.Precision == 8)
                    shares.Add(tensor.Data.Count(v => v is > 0 and < 127) / (double)tensor.Length);
            },
        }).Prepare(graph);
        engine.Run(RandomInputs.Of(graph, seed: 1));
        Assert.All(shares, share => Assert.InRange(share, 0.1, 1));
    }
}
