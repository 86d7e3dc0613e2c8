using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Preparing;

/// <summary>What is gathered while data are read, and kept with the model.</summary>
public sealed class InputFactsTests : IDisposable
{
    private const string Kept =
        "[{\"input\":\"data\",\"type\":\"u8\",\"shape\":[4,4],\"samples\":6,\"min\":0,\"max\":255,\"preparedMin\":0,\"preparedMax\":1," +
        "\"leastSpan\":0.8705883,\"constant\":0,\"identical\":false}]";

    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Type_range_and_shape_as_stored_and_as_prepared()
    {
        short[] rising = [.. Enumerable.Range(-4, 16).Select(i => (short)i)], sevens = [.. Enumerable.Repeat((short)7, 16)];
        var array = Tensor.Create(Shape.Of(3, 2, 8), [.. rising, .. sevens, .. new short[16]]);
        var source = Source(array, new() { Scale = 2, Mean = [1] }, Shape.Of(1, 1, 2, 8));
        Assert.Empty(source.Facts);
        Assert.Equal(3, source.Read().Count());
        var facts = Assert.Single(source.Facts);
        Assert.Equal("data i16 [2, 8]", $"{facts.Input} {facts.Type} {Shape.Of(facts.Shape)}");
        Assert.Equal((3, -4f, 11f), (facts.Samples, facts.Min, facts.Max));
        Assert.Equal((-9f, 21f, 30f), (facts.PreparedMin, facts.PreparedMax, facts.LeastSpan));
        Assert.Equal((2, false, 0, 48L), (facts.Constant, facts.Identical, facts.Transparent, facts.Elements));
    }

    [Fact]
    public void Only_what_was_read_last_counts()
    {
        var source = Source(Tensor.Create(Shape.Of(3, 1), new float[] { 1, 2, 5 }), Preprocessing.None, Shape.Of(1, 1));
        Assert.Equal(2f, source.ReadOne(1).Inputs[0].Data[0]);
        Assert.Equal((1, 2f, 2f), (source.Facts[0].Samples, source.Facts[0].Min, source.Facts[0].Max));
        Assert.Equal(5f, source.Read().Last().Inputs[0].Data[0]);
        Assert.Equal((3, 1f, 5f), (source.Facts[0].Samples, source.Facts[0].Min, source.Facts[0].Max));
    }

    [Fact]
    public void Calibration_keeps_them_with_the_model_and_in_its_file()
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        var io = ModelIo.Read(Path.Combine(_tiny.Out, ModelIo.FileName));
        Assert.Equal(Kept, InputFacts.ToJson(io.CalibratedOn));
        Assert.Contains($"\n  \"calibratedOn\": {Kept},\n", File.ReadAllText(Path.Combine(_tiny.Out, Compiler.CalibrationName)));
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", _tiny.Folder["package"]).Exit);
        Assert.Equal(Kept, InputFacts.ToJson(Loading.ModelLoader.Load(_tiny.Folder["package"]).Io!.CalibratedOn));
    }

    [Fact]
    public void Random_data_are_not_kept()
    {
        Assert.Equal(0, CliRun.Of("compile", _tiny.Model, "-o", _tiny.Out, "--random-data", "2", "--quiet").Exit);
        Assert.DoesNotContain("calibratedOn", File.ReadAllText(Path.Combine(_tiny.Out, ModelIo.FileName)));
        Assert.DoesNotContain("calibratedOn", File.ReadAllText(Path.Combine(_tiny.Out, Compiler.CalibrationName)));
    }

    [Fact]
    public void Files_without_them_are_read_as_before()
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        string io = Path.Combine(_tiny.Out, ModelIo.FileName), calibration = Path.Combine(_tiny.Out, Compiler.CalibrationName);
        File.WriteAllText(calibration, File.ReadAllText(calibration).Replace($"  \"calibratedOn\": {Kept},\n", ""));
        Assert.Equal(0, CliRun.Of("compile", _tiny.Model, "-o", _tiny.Out, "--calibration", calibration, "--quiet").Exit);
        Assert.DoesNotContain("calibratedOn", File.ReadAllText(io));
        Assert.Empty(ModelIo.Read(io).CalibratedOn);
        Assert.Equal("", CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--quiet").Error);
    }

    [Theory]
    [InlineData("[{}]")]
    [InlineData("[null]")]
    [InlineData("[3]")]
    [InlineData("[{\"input\":\"\\ud800\",\"type\":\"u8\"}]")]
    [InlineData("[{\"input\":\"x\",\"type\":\"u8\",\"shape\":[-1],\"samples\":1,\"min\":0,\"max\":1,\"preparedMin\":0,\"preparedMax\":1}]")]
    [InlineData("{\"input\":\"data\"}")]
    [InlineData("[{\"input\":\"x\",\"type\":\"u8\",\"shape\":[1],\"samples\":1,\"min\":2,\"max\":1,\"preparedMin\":0,\"preparedMax\":1}]")]
    [InlineData("[{\"input\":\"x\",\"type\":\"u8\",\"shape\":[1],\"samples\":1,\"min\":0,\"max\":1e99,\"preparedMin\":0}]")]
    public void What_makes_no_sense_is_refused(string json) => Assert.StartsWith(
        "error CML0802: what is stored about the data of calibration cannot be read",
        Assert.Throws<DiagnosticException>(() => InputFacts.FromJson(json)).Message);

    [Fact]
    public void Nor_may_model_io_hold_it()
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        string io = Path.Combine(_tiny.Out, ModelIo.FileName);
        string text = File.ReadAllText(io).Replace("\"samples\": 6", "\"samples\": -6");
        var error = Assert.Throws<DiagnosticException>(() => ModelIo.Parse(text, "io"));
        Assert.StartsWith("error CML0925: inputs and outputs need", error.Message);
    }

    private SampleSource Source(Tensor array, Preprocessing preprocessing, Shape input) =>
        SampleSource.Open(new DataOptions(_tiny.WriteNpy("x.npy", array)) { Preprocessing = preprocessing }, [("data", input)]);
}
