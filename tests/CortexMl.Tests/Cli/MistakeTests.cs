using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>What users get to read, and that nothing half-written is left.</summary>
public sealed class MistakeTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    private void Fails(string expected, params string[] args)
    {
        var before = _tiny.Folder.Listing;
        var run = CliRun.Of(args);
        Assert.Equal(expected, run.Error.TrimEnd());
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Equal(before, _tiny.Folder.Listing);
    }

    private void CompileFails(string expected, string data) => Fails(expected, "compile", _tiny.Model, "-o", _tiny.Out, "--data", data);

    [Fact]
    public void Missing_model() => Fails(
        "error CML0101: there is no file or folder 'no-such-symbol.json'\n  help: check the path; it is relative to the current folder",
        "compile", "no-such-symbol.json", "-o", _tiny.Out, "--random-data", "1");

    [Fact]
    public void A_model_of_unknown_kind() => Fails(
        $"error CML0920: '{_tiny.Data}' is not a model that is known by its name\n"
            + "  help: a model is x-symbol.json (MXNet), x.onnx, x.cml, or a folder with symbol and params or model.cml",
        "print", _tiny.Data);

    [Theory]
    [InlineData("net.ort", "ONNX Runtime's own form, optimised for one kind of machine", "give the .onnx file that it was made of")]
    [InlineData("net.pt", "PyTorch's", "write it with torch.onnx.export, opset 17")]
    [InlineData("net.safetensors", "weights without a network", "write the network that they belong to as .onnx")]
    public void A_model_of_another_tool(string name, string what, string hint)
    {
        string path = Path.Combine(Path.GetDirectoryName(_tiny.Data)!, name);
        File.WriteAllBytes(path, [1, 2, 3]);
        Fails($"error CML0920: '{path}' is {what}: that is not read\n  help: {hint}", "print", path);
    }

    [Fact]
    public void A_symbol_without_params() => Fails(
        $"error CML0920: '{_tiny.Model}' is a file; its params are missing\n  help: give a folder with symbol and params, or both files",
        "check", _tiny.Model);

    [Fact]
    public void Missing_data() => CompileFails(
        "error CML0101: there is no file 'no-such.npy'\n  help: check the path; it is relative to the current folder", "no-such.npy");

    [Fact]
    public void Nothing_to_calibrate_with() => Fails(
        "error CML0921: there is nothing to calibrate with: thresholds come from typical inputs\n" +
        "  help: pass --data DATA (100 to 500 samples are enough), --calibration FILE, or --random-data N to try the model out",
        "compile", _tiny.Model, "-o", _tiny.Out);

    [Fact]
    public void Two_things_to_calibrate_with() => Fails(
        "error CML0930: --data and --random-data exclude each other: thresholds come from one of them\n  help: leave --random-data out",
        "compile", _tiny.Model, "-o", _tiny.Out, "--data", _tiny.Data, "--random-data", "1");

    [Fact]
    public void Calibration_data_of_another_shape() => CompileFails(
        "error CML0803: sample 0 of x.npy has shape [3, 5, 5]; input 'data' takes [1, 1, 4, 4]\n  help: change the channels: --channels gray",
        _tiny.WriteNpy("x.npy", Tensor.Zeros<byte>(Shape.Of(2, 3, 5, 5))));

    [Fact]
    public void Empty_calibration_data()
    {
        string path = _tiny.WriteNpy("x.npy", Tensor.Zeros<byte>(Shape.Of(0, 4, 4)));
        CompileFails($"error CML0805: '{path}' holds no sample\n  help: at least one is needed", path);
    }

    [Fact]
    public void Calibration_data_with_nan() => CompileFails(
        "error CML0804: sample 0 of x.npy holds NaN at element 0; every number must be finite\n  help: repair the data",
        _tiny.WriteNpy("x.npy", Tensor.Create(Shape.Of(1, 4, 4), Enumerable.Repeat(float.NaN, 16).ToArray())));

    [Fact]
    public void An_output_folder_that_cannot_be_written()
    {
        string taken = _tiny.Folder.Write("taken", "a file");
        var before = _tiny.Folder.Listing;
        var run = CliRun.Of("compile", _tiny.Model, "-o", taken, "--data", _tiny.Data);
        Assert.Equal(2, run.Exit);
        Assert.StartsWith($"error CML0103: '{taken}' cannot be written: ", run.Error);
        Assert.Equal(before, _tiny.Folder.Listing);
    }

    [Fact]
    public void A_pass_that_does_not_exist()
    {
        var run = CliRun.With("graph @g(%x: f32[1]) -> f32[1] {\n  return %x\n}\n", "opt", "-", "--passes=canonicalise");
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("error CML0902: no pass is named 'canonicalise'; did you mean 'canonicalize'?", run.Error);
    }

    [Fact]
    public void A_graph_that_fails_the_bound_check()
    {
        var run = CliRun.With("""
            graph @untrue(%x: i8[1, 2], %y: i16[1, 2]) -> i8[1, 2] {
              %w = cvm.where(%x, %y, %y) : i8[1, 2]
              return %w
            }

            """, "opt", "-", "--passes=bound-check");
        Assert.StartsWith("error CML0602: cvm.where 'w' can reach [-32767, 32767]", run.Error);
        Assert.Equal((1, ""), (run.Exit, run.Output));
    }

    [Fact]
    public void A_shape_that_is_none() => Fails(
        "error CML0940: --input 1,x: 'x' is no dimension\n  help: write whole numbers above 0: 1,3,32,32", "print", _tiny.Model,
        "--input", "data=1,x");

    [Theory]
    [InlineData("error CML0940: Option '--output' is required.\n  help: cortexml compile --help", "compile", "x.cml")]
    public void Bad_usage(string expected, params string[] args) =>
        Assert.EndsWith(expected, CliRun.Of(args) is { Exit: 2 } run ? run.Error.TrimEnd() : "another exit");

    [Fact]
    public void Real_data_for_a_model_without_scales()
    {
        _tiny.Compile();
        File.Delete(Path.Combine(_tiny.Out, "model.io.json"));
        Fails("error CML0922: 'out' does not say how real numbers become its integers: there is no model.io.json\n" +
            "  help: pass --input-scale S (integer = real · S), or --integer where the data already are the model's integers", "run",
            _tiny.Out, "--data", _tiny.Data, "--accept-edited");
    }

    [Fact]
    public void Integers_out_of_range()
    {
        _tiny.Compile();
        Fails("error CML0926: sample 0 of data.npy holds 148 at element 4; with --integer whole numbers from -127 to 127 are allowed\n  help: leave --integer out for real inputs",
            "run", _tiny.Out, "--data", _tiny.Data, "--integer", "--threads", "1");
    }

    [Fact]
    public void Params_cut_off_anywhere_are_rejected_not_crashed_on()
    {
        _tiny.Compile();
        string path = Path.Combine(_tiny.Out, "params");
        byte[] whole = File.ReadAllBytes(path);
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Equal(1, CliRun.Of("check", _tiny.Out, "--quiet", "--accept-edited").Exit);
        }
    }

    [Theory]
    [InlineData("--input-precision", "24", "from 2 to 16")]
    [InlineData("--input-precision", "1", "from 2 to 16")]
    [InlineData("--output-precision", "31", "from 2 to 30")]
    [InlineData("--output-precision", "-3", "from 2 to 30")]
    [InlineData("--random-data", "0", "from 1")]
    public void A_number_outside_its_range_is_told_by_its_options_name_before_anything_is_read(string option, string value,
        string allowed) =>
        Fails($"error CML0934: {option} {value}: a whole number {allowed} is needed\n  help: cortexml compile --help",
            "compile", "no-such-symbol.json", "-o", _tiny.Out, option, value);

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("NaN")]
    public void A_scale_of_the_input_that_is_no_scale(string value) => Fails(
        $"error CML0934: --input-scale {value}: a number above 0 is needed\n  help: cortexml run --help", "run", _tiny.Out, "--data",
            _tiny.Data, "--input-scale", value);

    [Fact]
    public void Several_numbers_outside_their_ranges_are_told_at_once()
    {
        var run = CliRun.Of("compile", _tiny.Model, "-o",
            _tiny.Out, "--random-data", "-1", "--input-precision", "0", "--output-precision", "99");
        Assert.Equal(3, run.Error.Split("error CML0934").Length - 1);
    }

    [Fact]
    public void A_precision_that_no_pass_takes_up_is_refused() => Fails(
        "error CML0935: --output-precision has no effect: no pass of the pipeline quantizes\n" +
        "  help: leave it out, or compile from the float network",
        "compile", _tiny.Model, "-o", _tiny.Out, "--passes", "dead-code", "--output-precision", "8");
}
