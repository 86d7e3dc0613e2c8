using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Weights;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>What layers read on average, and what biases get for weights that were rounded.</summary>
public class BiasCorrectionTests
{
    private const string Dense = """
        graph @g(%data: f32[1, 2] within 127) -> f32[1, 2] {
          @w: f32[2, 2] = [127, 0.25, 127, -0.4]
          @b: f32[2] = [0, 3]
          %y = nn.dense(%data, @w, @b) : f32[1, 2] within 16129
          return %y
        }
        """;

    [Fact]
    public void Of_a_dense_layer_the_mean_of_each_column() =>
        Assert.Equal([2, -3], Means(Dense, [1, -2], [3, -4]));

    // Of a window of 3 with padding 1, the outer pixels of a row of 3 are seen by 2 windows, the inner one by 3: of 3 results with 3 taps
    // each, (2 · 1 + 3 · 10 + 2 · 100) / 9.
    [Fact]
    public void Of_a_convolution_each_number_counts_as_often_as_windows_see_it() =>
        Assert.Equal(
            [25.7778, 2.57778], Means(Convolution("padding = [0, 1]", "kernel = [1, 3]", "f32[1, 2, 1, 3]"), [1, 10, 100, 0.1f, 1, 10]));

    // Taps at 0 and 2, results at 0 and 2: pixels 0, 2, 2, 4 of 5.
    [Fact]
    public void Strides_and_dilation_leave_numbers_out() =>
        Assert.Equal(
            [2550.25, 0],
            Means(
                Convolution("strides = [1, 2], dilation = [1, 2]", "kernel = [1, 2]", "f32[1, 2, 1, 5]"),
                [1, 10, 100, 1000, 10000, .. new float[5]]));

    // At scale 1 the weights are 127, 0 and 127, 0; 0.25 · 8 = 2 and -0.4 · 8 = -3.2 are lost of data that is 8 on average.
    [Theory]
    [InlineData("true", new[] { 2, 0 })]
    [InlineData("false", new[] { 0, 3 })]
    public void A_bias_gets_what_rounded_weights_lose_of_the_mean(string isOn, int[] bias)
    {
        var graph = Quantized(Dense, $"quantize{{bias-correction={isOn}}}", new LayerInput("y", "", [5, 8]));
        Assert.Equal(bias, Parameter(graph, "bias"));
        Assert.Equal([127, 0, 127, 0], Parameter(graph, "weight"));
    }

    [Fact]
    public void A_layer_without_a_bias_gets_one()
    {
        string text = Dense.Replace("@w, @b", "@w", StringComparison.Ordinal);
        Assert.Equal([2, -3], Parameter(Quantized(text, "quantize", new LayerInput("y", "", [5, 8])), "bias"));
        Assert.Null(Layer(Quantized(text, "quantize", new LayerInput("y", "", [5, 1]))).Operand("bias"));
    }

    // 15 bits of weights: 127, 0.25 and 127, -0.4 times 128 are 16256, 32 and 16256, -51: (-51.2 + 51) · 800 is lost of 800, in integers
    // of the low parts, where the bias is 3 · 128.
    [Fact]
    public void Of_weights_of_15_bits_only_what_they_lose()
    {
        string text = Dense.Replace("@b)", "@b) {bits = [8, 15]}", StringComparison.Ordinal);
        Assert.Equal([0, 384 - 160], LowBias(text, new LayerInput("y", "", [0, 800])));
    }

    // 15 bits of data up to 127 are 16383 steps, 129 a unit, which are the low part's integers: 0.25 · 800 · 129 is lost.
    [Fact]
    public void Of_data_of_15_bits_the_mean_counts_in_the_integers_of_the_high_part()
    {
        string text = Dense.Replace("@b)", "@b) {bits = [15, 8]}", StringComparison.Ordinal);
        Assert.Equal([25_800, 387 - 41_280], LowBias(text, new LayerInput("y", "", [0, 800])));
    }

    [Fact]
    public void What_was_measured_stands_in_the_file_and_is_taken_from_it()
    {
        var (file, _) = Measured(Dense, [[1, -2], [3, -4]], []);
        var input = Assert.Single(file.Layers);
        Assert.Equal(("y", 16), (input.Layer, input.Digest.Length));
        Assert.Equal([2, -3], input.Means);
        var (again, told) = Measured(Dense, null, [input]);
        Assert.Equal(input, Assert.Single(again.Layers));
        Assert.Empty(told);
    }

    [Fact]
    public void A_layer_with_other_parameters_is_measured_again_or_not_corrected()
    {
        var stale = new LayerInput("y", "0123456789abcdef", [7, 7]);
        Assert.Equal([2, -3], Assert.Single(Measured(Dense, [[1, -2], [3, -4]], [stale]).File.Layers).Means);
        var (file, told) = Measured(Dense, null, [stale]);
        Assert.Empty(file.Layers);
        Assert.Equal(
            "CML0538: 1 of 1 layer reads other data than when the calibration file was made: their biases are not corrected",
            $"{Assert.Single(told).Code}: {told[0].Message}");
    }

    private static string Convolution(string attributes, string kernel, string data) => $$"""
        graph @g(%data: {{data}} within 127) {
          @w: f32[1, 2, 1, {{kernel[^2]}}] = random(1)
          %y = nn.conv2d(%data, @w) {{{kernel}}, {{attributes}}}
          return %y
        }
        """;

    private static IReadOnlyList<double> Means(string text, params float[][] samples) =>
        Assert.Single(Measured(text, samples, []).File.Layers).Means;

    private static (CalibrationFile File, IReadOnlyList<Diagnostic> Told) Measured(
        string text, float[][]? samples, IReadOnlyList<LayerInput> known)
    {
        var graph = TextParser.ParseOne(text);
        var services = new PassServices
        {
            Samples = samples is null ? null : new Handmade(graph.Inputs[0].Type.Shape, samples), FloatEvaluator = new InputOnly(),
        };
        services.Results.Set(new CalibrationFile("", "", "", []) { Layers = known });
        var options = new PassOptions(MeasureLayers.Record, new Dictionary<string, string>());
        new MeasureLayers().Run(graph, new PassContext(options, new Rewriter(graph), services));
        return (services.Results.Get<CalibrationFile>()!, services.Diagnostics.Items);
    }

    private static Graph Quantized(string text, string pipeline, LayerInput input)
    {
        var graph = TextParser.ParseOne(text);
        var layer = graph.Operations.Single(o => o.Constant is null);
        var services = new PassServices();
        services.Results.Set(new LayerData([input with { Digest = LayerData.Digest(layer) }]));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pipeline), services);
        return graph;
    }

    private static Operation Layer(Graph graph) => graph.Operations.First(o => o.Spec == CvmConv.Dense);

    /// <summary>The bias of a wide layer is added to what its low parts make.</summary>
    private static int[] LowBias(string text, LayerInput input)
    {
        var graph = Quantized(text.Replace("16129", "65536", StringComparison.Ordinal), "quantize{output-step=0}", input);
        return graph.Operations.Last(o => o.Spec == CvmConv.Dense)["bias"].Constant!.Integers.ToArray();
    }

    private static int[] Parameter(Graph graph, string operand) => Layer(graph).Operand(operand)!.Constant!.Integers.ToArray();
}

/// <summary>Samples that a test wrote down.</summary>
internal sealed class Handmade(Shape shape, float[][] samples) : ISampleSource
{
    public string Description => "by hand";

    public int Count => samples.Length;

    public IEnumerable<Sample> Read() => samples.Select((s, i) => new Sample([Tensor.Create(shape, s)], null, $"{i}"));
}

/// <summary>Shows inputs, which are all that is looked at here.</summary>
internal sealed class InputOnly : IFloatEvaluator
{
    public IFloatSession Prepare(Graph graph, IReadOnlyList<Value> observed) => new Session();

    private sealed class Session : IFloatSession
    {
        public IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs) => inputs;

        public void Dispose()
        {
        }
    }
}
