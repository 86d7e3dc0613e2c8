using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>Weights and biases that become 0 in integers are told with the layer, how many they are, and what helps.</summary>
public sealed class UnderflowTests : IDisposable
{
    private const string Rest = " became 0 in integers, smaller than their step";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Both inputs are the same, so that only the bias is left: 0.5 beside weights whose step is 787.</summary>
    [Theory]
    [InlineData("100000", "layer 'y': the bias of 1 of 1 output")]
    [InlineData("100", null)]
    public void A_bias_below_the_step_of_its_sums(string weight, string? lost)
    {
        string run = Compiled($"f32[1, 2] = [{weight}, -{weight}]", 2, "", k => k / 8f);
        Told(lost, run);
    }

    [Fact]
    public void A_lost_bias_is_an_error_where_warnings_are()
    {
        var run = Compile("f32[1, 2] = [100000, -100000]", 2, k => k / 8f, "--strict");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0958: layer 'y': the bias of 1 of 1 output" + Rest, run.Error, StringComparison.Ordinal);
        Assert.Contains("help: bring inputs and channels to ranges alike", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out/symbol"]));
    }

    /// <summary>Two hundred weights of 0.3 in the row of one of 100, whose step is 0.79.</summary>
    [Theory]
    [InlineData(0.3f, "layer 'y': most weights of 1 of 1 output")]
    [InlineData(0.5f, null)]
    [InlineData(0.03f, null)]
    public void A_row_of_which_little_is_left(float other, string? lost)
    {
        string weights = string.Join(", ", Enumerable.Repeat(FormattableString.Invariant($"{other}"), 200));
        Told(lost, Compiled($"f32[1, 201] = [100, {weights}]", 201, "", k => 1 - k % 9 / 4f));
    }

    [Theory]
    [InlineData("per-tensor", "layer 'y': all weights of 1 of 2 outputs")]
    [InlineData("per-channel", null)]
    public void A_row_far_below_the_others_that_share_its_scale(string scales, string? lost)
    {
        string passes = DefaultPipeline.Text.Replace("quantize", $"quantize{{weights={scales}}}", StringComparison.Ordinal);
        // Of the large row nothing is left in what is returned: its inputs are the same.
        Told(lost, Compiled("f32[2, 2] = [1000, -1000, 1, 1]", 2, passes, k => k / 8f, outputs: 2));
    }

    [Fact]
    public void An_input_whose_weights_are_all_lost()
    {
        var loss = Layer([0.001f, 1, 0.002f, 0], outputs: 2, inputs: 2);
        loss.Add(Tensor.Create(Shape.Of(2, 2), [0, 127, 0, 0]), null);
        Assert.Equal("layer 'fc': all weights of 1 of 2 outputs, all weights of 1 of 2 inputs" + Rest, loss.Doubt()?.Message);
    }

    [Theory]
    [InlineData(1000, "layer 'fc': all weights of 1 of 2 inputs")]
    [InlineData(10, null)]
    public void What_data_cannot_make_visible_is_no_doubt(double reach, string? lost)
    {
        var loss = Layer([0.001f, 1], outputs: 1, inputs: 2, reach);
        loss.Add(Tensor.Create(Shape.Of(1, 2), [0, 127]), null);
        Assert.Equal(lost is null ? null : lost + Rest, loss.Doubt()?.Message);
    }

    /// <summary>Filters [4, 1, 1, 2] of two groups: the second channel is read by the last two outputs.</summary>
    [Fact]
    public void Inputs_of_groups_are_those_that_their_outputs_read()
    {
        var loss = Layer([1, 0, 0, 1, 0.001f, 1, 0.001f, 1], outputs: 4, inputs: 1, reach: 1, groups: 2);
        loss.Add(Tensor.Create(Shape.Of(4, 1, 1, 2), [127, 0, 0, 127, 0, 0, 0, 0]), null);
        Assert.Equal("layer 'fc': all weights of 2 of 4 outputs" + Rest, loss.Doubt()?.Message);
    }

    [Fact]
    public void Parts_of_a_layer_are_its_inputs_in_their_order()
    {
        var loss = Layer([1, 0.001f], outputs: 1, inputs: 2);
        loss.Add(Tensor.Create(Shape.Of(1, 1), [127]), null);
        Assert.True(loss.IsOpen);
        Assert.Null(loss.Doubt());
        loss.Add(Tensor.Create(Shape.Of(1, 1), [0]), null);
        Assert.False(loss.IsOpen);
        Assert.Equal("layer 'fc': all weights of 1 of 2 inputs" + Rest, loss.Doubt()?.Message);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 2)]
    public void Integers_of_something_else_are_not_compared(int outputs, int inputs)
    {
        var loss = Layer([1, 0], outputs: 1, inputs: 2);
        loss.Add(Tensor.Create(Shape.Of(outputs, inputs), new int[outputs * inputs]), null);
        Assert.Null(loss.Doubt());
    }

    [Fact]
    public void Integers_where_there_is_no_weight_are_something_else()
    {
        var loss = Layer([0, 1], outputs: 1, inputs: 2);
        loss.Add(Tensor.Create(Shape.Of(1, 2), [127, 0]), null);
        Assert.Null(loss.Doubt());
    }

    /// <summary>A layer whose results reach 2.</summary>
    private static LayerLoss Layer(float[] weights, int outputs, int inputs, double reach = 1000, int groups = 1) => new(new LayerConstants(
        Name: "fc", Weight: "w", Weights: weights, Outputs: outputs, Inputs: inputs, Groups: groups, Bias: null, Reach: reach, Range: 2));

    private static void Told(string? lost, string errors)
    {
        if (lost is null) Assert.DoesNotContain("CML0958", errors, StringComparison.Ordinal);
        else Assert.Contains($"warning CML0958: {lost}{Rest}", errors, StringComparison.Ordinal);
    }

    private string Compiled(string weights, int inputs, string passes, Func<int, float> sample, int outputs = 1)
    {
        var run = Compile(weights, inputs, sample, passes.Length > 0 ? ["--passes", passes] : [], outputs);
        Assert.True(run.Exit == 0, run.Error);
        return run.Error;
    }

    private CliRun Compile(string weights, int inputs, Func<int, float> sample, string option) =>
        Compile(weights, inputs, sample, [option], 1);

    /// <param name="sample">The element of all inputs of a sample, by its number from 0 to 15; beyond two inputs, by the element's.</param>
    private CliRun Compile(string weights, int inputs, Func<int, float> sample, string[] options, int outputs)
    {
        string model = _folder.Write("net.cml", $$"""
            graph @net(%x: f32[1, {{inputs}}]) {
              @w: {{weights}}
              @b: f32[{{outputs}}] = [{{string.Join(", ", Enumerable.Repeat("0.5", outputs))}}]
              %y = nn.dense(%x, @w, @b)
              return %y
            }
            """);
        float[] data = [.. Enumerable.Range(0, 16 * inputs).Select(i => sample(inputs > 2 ? i : i / inputs))];
        NpyWriter.Write(_folder["data.npy"], Tensor.Create(Shape.Of(16, 1, inputs), data));
        return CliRun.Of(["compile", model, "-o", _folder["out"], "--data", _folder["data.npy"], .. options]);
    }
}
