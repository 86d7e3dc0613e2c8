using CortexMl.Diagnostics;
using CortexMl.Ir.Origins;
using CortexMl.Running;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>What is left to do to outputs, in float, and the names under which they are written.</summary>
public sealed class LastStepTests
{
    /// <summary>Integers in steps of log 3: e^x is 1, 3, 9, …</summary>
    private const double Log3 = 1.0986122886681098;

    private static float[] Own(string op, int axis, int[] shape, params int[] integers) => LastSteps.OwnReals(
        new ModelPort("y", [integers.Length], 16, 1 / Log3) { LastStep = new(op, axis, shape) }, Tensor.Vector(integers));

    [Fact]
    public void A_softmax_of_scaled_integers() => Assert.Equal([1 / 13f, 9 / 13f, 3 / 13f], Own("softmax", 1, [1, 3], 5, 7, 6), new Near());

    [Fact]
    public void A_softmax_over_channels_sums_along_them_alone() =>
        Assert.Equal([0.25f, 0.1f, 0.5f, 0.75f, 0.9f, 0.5f], Own("softmax", 1, [1, 2, 3], 0, 0, 4, 1, 2, 4), new Near());

    [Fact]
    public void A_log_softmax() =>
        Assert.Equal([-1.3862944f, -0.28768207f], Own("log_softmax", 0, [2], -1, 0), new Near());

    [Fact]
    public void Large_numbers_do_not_overflow() => Assert.Equal([0, 1], Own("softmax", 0, [2], -32767, 32767), new Near());

    [Fact]
    public void Other_outputs_stay_the_integers_that_they_are()
    {
        var integers = Tensor.Vector(3, -4);
        Assert.Same(integers, LastSteps.OwnOutput(new ModelPort("y", [2], 16, 2), integers));
        Assert.Equal([1.5f, -2], LastSteps.OwnReals(new ModelPort("y", [2], 16, 2), integers));
    }

    [Fact]
    public void Names_become_keys_that_stay_inside_a_folder() => Assert.Equal(
        ["dense/Softmax:0", "..%2F..%2Fa", "%2Froot", "a%5Cb", "a%0Ab", "..", "é"],
        OutputArrays.Keys(["dense/Softmax:0", "../../a", "/root", "a\\b", "a\nb", "..", "é"]));

    [Fact]
    public void Names_that_collide_or_are_empty_become_different_ones() => Assert.Equal(
        ["a", "a.1", "output2", "a.2", "output4"], OutputSignature.Distinct(["a", "a", "", "a", ""]));

    [Theory]
    [InlineData("""{"op": "softmax", "axis": 2, "shape": [1, 4]}""")]
    [InlineData("""{"op": "softmax", "axis": -1, "shape": [1, 4]}""")]
    [InlineData("""{"op": "sigmoid", "axis": 1, "shape": [1, 4]}""")]
    [InlineData("""{"op": "softmax", "axis": 1, "shape": [2, 4]}""")]
    [InlineData("""{"op": "softmax", "axis": 1, "shape": [65536, 65536, 65536, 65536, 4]}""")]
    [InlineData("""{"op": "softmax", "axis": 1, "shape": [2147483647, 2147483647, 2147483647, 2147483647, 2147483647]}""")]
    [InlineData("""{"op": "softmax"}""")]
    public void A_step_that_does_not_fit_its_output_is_refused(string step)
    {
        string port = """{"name": "y", "shape": [1, 4], "precision": 16, "scale": 1}""";
        string Text(string last) => $$$"""{"inputs": [{{{port}}}], "outputs": [{{{port[..^1] + last}}} }], "preprocessing": {}}""";
        Assert.Null(ModelIo.Parse(Text(""), "io").Outputs[0].LastStep);
        var error = Assert.Throws<DiagnosticException>(() => ModelIo.Parse(Text($", \"lastStep\": {step}"), "io"));
        Assert.Equal("CML0925", error.Diagnostics[0].Code);
    }

    private sealed class Near : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= 1e-7f;

        public int GetHashCode(float obj) => 0;
    }
}
