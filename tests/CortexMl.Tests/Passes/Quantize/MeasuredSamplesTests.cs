using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>On how many samples layers are measured: on as many as take half a second.</summary>
public sealed class MeasuredSamplesTests
{
    // A layer multiplies 32 · 64 · 64 times 32 · 3 · 3 numbers, 3.8e7; n layers are measured by n runs of n layers each, for 1e10.
    [Theory]
    [InlineData(1, 32)]
    [InlineData(2, 32)]
    [InlineData(4, 16)]
    [InlineData(8, 4)]
    [InlineData(16, 2)]
    public void The_smaller_a_network_the_more(int layers, int samples) => Assert.Equal(samples, Read(layers, available: 64));

    [Fact]
    public void No_more_than_there_are() => Assert.Equal(5, Read(1, available: 5));

    [Theory]
    [InlineData("1", 1)]
    [InlineData("40", 40)]
    [InlineData("0", 16)]
    public void As_many_as_were_asked_for(string asked, int samples) => Assert.Equal(samples, Read(4, available: 64, asked));

    private static int Read(int layers, int available, string? asked = null)
    {
        var convolutions = Enumerable.Range(0, layers)
            .Select(i => $"%{i + 1} = nn.conv2d(%{i}, @w) {{kernel = [3, 3], padding = [1, 1]}}");
        var graph = TextParser.ParseOne($$"""
            graph @g(%0: f32[1, 32, 64, 64]) {
              @w: f32[32, 32, 3, 3] = random(1)
              {{string.Join("\n  ", convolutions)}}
              return %{{layers}}
            }
            """);
        var samples = new Counting(graph.Inputs[0].Type.Shape, available);
        var given = new Dictionary<string, string>();
        if (asked is not null) given["samples"] = asked;
        var services = new PassServices { Samples = samples, FloatEvaluator = new Zeros() };
        new ChooseWidths().Run(graph, new PassContext(new PassOptions(ChooseWidths.Record, given), new Rewriter(graph), services));
        return samples.Handed;
    }

    /// <summary>Counts the samples that it handed out.</summary>
    private sealed class Counting(Shape shape, int count) : ISampleSource
    {
        public string Description => "zeros";

        public int Count => count;

        public int Handed { get; private set; }

        public IEnumerable<Sample> Read()
        {
            var data = Tensor.Zeros<float>(shape);
            for (int i = 0; i < count; i++)
            {
                Handed++;
                yield return new Sample([data], null, $"{i}");
            }
        }
    }

    /// <summary>All numbers are 0, which takes no time.</summary>
    private sealed class Zeros : IFloatEvaluator
    {
        public IFloatSession Prepare(Graph graph, IReadOnlyList<Value> observed) =>
            new Session([.. observed.Select(v => Tensor.Zeros<float>(v.Type.Shape))]);

        private sealed class Session(IReadOnlyList<Tensor<float>> results) : IFloatSession
        {
            public IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs) => results;

            public void Dispose()
            {
            }
        }
    }
}
