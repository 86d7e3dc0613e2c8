using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>What users see of an input that the compiled model takes centred: real data mean what they meant.</summary>
public sealed class CenteredInputTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Model_io_says_how_the_input_is_centred()
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        var input = ModelIo.Read(Path.Combine(_tiny.Out, ModelIo.FileName)).Inputs[0];
        Assert.Equal((1.0, 8), (input.Scale, input.Precision));
        Assert.Equal((null, 127 / 255.0, 255.0), (input.Centering!.Axis, input.Centering.Offset[0], input.Centering.Gain[0]));
    }

    [Fact]
    public void Pixels_less_127_are_the_integers_of_real_data()
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        var image = ((Tensor<byte>)NpyReader.Read(_tiny.Data)).Data[..16];
        string input = _tiny.Folder.Write("in.bin", [.. image.Select(p => (byte)Math.Min(127, p - 127))]), output = _tiny.Folder["out.bin"];
        Assert.Equal(0, CliRun.Of("run", _tiny.Out, "--raw-input", input, "--raw-output", output).Exit);
        var expected =
            (Tensor<int>)NpyReader.Read(CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--limit", "1", "-o", "-").Bytes, "stdout");
        Assert.Equal(expected.Bytes.ToArray(), File.ReadAllBytes(output));
    }

    [Fact]
    public void A_float_network_that_takes_it_centred_gives_the_same_of_the_same_data()
    {
        Assert.Equal(0, _tiny.Compile("--quiet", "--stop-after", "center-inputs").Exit);
        string centred = Path.Combine(_tiny.Out, "model.cml");
        Assert.Contains("input.0.gain.0 = 255.0", File.ReadAllText(centred), StringComparison.Ordinal);
        var (expected, found) = (Run(_tiny.Model), Run(centred));
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], 1e-4f);

        float[] Run(string model) => ((Tensor<float>)NpyReader.Read(
            CliRun.Of("run", model, "--data", _tiny.Data, "--scale", "1/255", "-o", "-").Bytes, "stdout")).Data;
    }

    [Fact]
    public void A_compiled_text_says_it_too()
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        byte[] Run(string model) => CliRun.Of("run", model, "--data", _tiny.Data, "--scale", "1/255", "-o", "-").Bytes;
        Assert.Equal(Run(_tiny.Out), Run(Path.Combine(_tiny.Out, "model.cml")));
    }

    [Fact]
    public void Without_the_pass_the_input_is_as_it_was()
    {
        Assert.Equal(0, _tiny.Compile("--quiet", "--passes", DefaultWithout("center-inputs,")).Exit);
        var input = ModelIo.Read(Path.Combine(_tiny.Out, ModelIo.FileName)).Inputs[0];
        Assert.Null(input.Centering);
        Assert.Equal(127, input.Scale, 1e-3);
        Assert.DoesNotContain("centering", File.ReadAllText(Path.Combine(_tiny.Out, ModelIo.FileName)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"offset": [0.5], "gain": [0]}""")]
    [InlineData("""{"offset": [0.5], "gain": [1, 2]}""")]
    [InlineData("""{"offset": [0.5, 1], "gain": [1, 2]}""")]
    [InlineData("""{"axis": 0, "offset": [0.5, 1], "gain": [1, 2]}""")]
    [InlineData("""{"axis": 2, "offset": [0.5, 1], "gain": [1, 2]}""")]
    [InlineData("""{"gain": [1]}""")]
    public void A_centering_that_does_not_fit_its_input_is_refused(string centering)
    {
        const string Port = """{"name": "x", "shape": [1, 2], "precision": 8, "scale": 1""";
        string Text(string more) => $$$"""{"inputs": [{{{Port + more}}} }], "outputs": [{{{Port}}} }], "preprocessing": {}}""";
        Assert.Null(ModelIo.Parse(Text(""), "io").Inputs[0].Centering);
        Assert.Equal([1, 2], ModelIo.Parse(Text(""", "centering": {"axis": 1, "offset": [3, 4], "gain": [1, 2]}"""), "io")
            .Inputs[0].Centering!.Gain);
        var error = Assert.Throws<DiagnosticException>(() => ModelIo.Parse(Text($", \"centering\": {centering}"), "io"));
        Assert.Equal("CML0925", error.Diagnostics[0].Code);
    }

    private static string DefaultWithout(string pass) =>
        DefaultPipeline.Text.Replace(pass, "", StringComparison.Ordinal);
}
