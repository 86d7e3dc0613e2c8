using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>A symbol without input shape takes that of the data.</summary>
public sealed class InputShapeTests : IDisposable
{
    private static readonly string Model = Repository.Path("golden", "models", "mnist-lenet");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Images(string name, params int[] shape)
    {
        NpyWriter.Write(_folder[name],
            Tensor.Create(Shape.Of(shape), [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(i => (byte)(i * 31))]));
        return _folder[name];
    }

    private static CliRun Calibrate(string data, params string[] more) =>
        CliRun.Of(["calibrate", Model, "--data", data, "--scale", "1/255", "-o", "-", .. more]);

    [Fact]
    public void Images_with_and_without_channels_tell_the_same_shape_as_the_option()
    {
        var said = Calibrate(Images("planes.npy", 2, 1, 28, 28), "--input", "data=1,1,28,28");
        Assert.Equal(0, said.Exit);
        Assert.Equal(said.Output, Calibrate(_folder["planes.npy"]).Output);
        Assert.Equal(0, Calibrate(Images("flat.npy", 2, 28, 28)).Exit);
    }

    [Fact]
    public void The_shape_is_taken_after_preprocessing() =>
        Assert.Equal(0, Calibrate(Images("large.npy", 2, 3, 40, 60), "--resize", "30", "--crop", "28", "--channels", "gray").Exit);

    [Fact]
    public void Data_of_another_shape_is_told_what_the_parameters_fit()
    {
        var run = Calibrate(Images("small.npy", 2, 20, 20));
        Assert.Equal(2, run.Exit);
        Assert.Contains("fc0", run.Error);
        Assert.Contains("pass --input data=1,1,28,28", run.Error);
    }

    [Fact]
    public void A_float_model_beside_its_compiled_folder_takes_the_shape_of_the_data()
    {
        string data = Images("planes.npy", 2, 1, 28, 28);
        Assert.Equal(0, CliRun.Of("compile", Model, "-o", _folder["out"], "--data", data, "--scale", "1/255").Exit);
        var run = CliRun.Of("eval", Model, _folder["out"], "--data", data, "--json");
        Assert.Contains("\"agreement\": 1", run.Output);
    }

    [Fact]
    public void A_calibration_file_tells_the_shape_too()
    {
        string file = _folder["x.calibration.json"];
        Assert.Equal(0, CliRun.Of("calibrate", Model, "--data", Images("planes.npy", 2, 1, 28, 28), "-o", file).Exit);
        Assert.Equal(0, CliRun.Of("compile", Model, "-o", _folder["out"], "--calibration", file).Exit);
    }

    [Fact]
    public void Without_data_the_shape_is_asked_for()
    {
        var run = CliRun.Of("print", Model);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0208: the shape of input 'data' is not known", run.Error);
        Assert.Contains("help: pass --input data=1,1,HEIGHT,WIDTH", run.Error);
    }
}
