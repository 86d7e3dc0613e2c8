using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Inputs;

/// <summary>A float graph whose input is centred takes the real input, whatever runs it.</summary>
public sealed class ExportTests
{
    // Channel 0: (x - 1) · 2, channel 1: (x + 1) · 4.
    private const string Text = """
        graph @g(%x: f32[1, 2, 1, 2]) attributes {input.0.axis = 1, input.0.gain.0 = 2.0, input.0.gain.1 = 4,
            input.0.offset.0 = 1.0, input.0.offset.1 = -1} {
          %y = nn.relu(%x)
          return %y
        }
        """;

    [Fact]
    public void Both_float_engines_centre_it()
    {
        var graph = TextParser.ParseOne(Text);
        float[] expected = [4, 0, 20, 2];
        var input = Tensor.Create(Shape.Of(1, 2, 1, 2), new float[] { 3, 0.5f, 4, -0.5f });
        using var portable = PortableEvaluator.Calibration.Prepare(graph, graph.Outputs);
        using var onnx = new FloatEvaluator(FloatOptions.Evaluation).Prepare(graph, graph.Outputs);
        Assert.Equal(expected, portable.Run([input])[0].Data);
        Assert.Equal(expected, onnx.Run([input])[0].Data);
    }
}
