using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Files and names that are not what an option takes: what the user reads, and that nothing is written.</summary>
public sealed class WrongFileTests : IDisposable
{
    private static readonly byte[] Png = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 0];

    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    private string File(string name, params byte[] bytes)
    {
        System.IO.File.WriteAllBytes(_tiny.Folder[name], bytes);
        return _tiny.Folder[name];
    }

    private void Fails(string expected, params string[] args)
    {
        var before = _tiny.Folder.Listing;
        var run = CliRun.Of(args);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Equal(expected, run.Error.TrimEnd());
        Assert.Equal(before, _tiny.Folder.Listing);
    }

    private string[] Compile(params string[] more) => ["compile", _tiny.Model, "-o", _tiny.Out, .. more];

    [Fact]
    public void An_image_as_symbol() => Fails(
        "error CML0202: x-symbol.json is not valid JSON: '0x89' is an invalid start of a value.\n  --> x-symbol.json:1:1\n  "
        + "help: the file was cut off or damaged, or is no symbol file",
        "print", File("x-symbol.json", Png));

    [Fact]
    public void A_folder_as_parameters()
    {
        string model = Path.Combine(Support.Repository.Path("golden", "models", "mnist-mlp"), "mnist-mlp-symbol.json");
        Fails($"error CML0102: '{Path.GetDirectoryName(model)}' is a folder, not a file", "print", model, "--params",
            Path.GetDirectoryName(model)!);
    }

    [Fact]
    public void Data_of_no_known_kind() => Fails(
        "error CML0801: what kind of data 'x.bin' is cannot be told from its name, its first bytes or its length\n  --> x.bin\n" +
        "  help: known are .npy, .npz, IDX, CIFAR records, PNG, JPEG, BMP, GIF, WebP, PPM, folders and patterns of images, "
        + "and raw binary with --shape and --dtype",
        Compile("--data", File("x.bin", 1, 2, 3)));

    [Fact]
    public void An_empty_file_as_data() => Fails("error CML0805: the file is empty\n  --> x.bin", Compile("--data", File("x.bin")));

    [Fact]
    public void A_cut_off_idx_file() => Fails(
        "error CML0802: the file ends after 17 bytes; its head promises 48\n  --> x.idx, byte 17\n  help: the file was cut "
        + "off: copy it again",
        Compile("--data", File("x.idx", 0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 4, 9)));

    [Fact]
    public void A_calibration_file_that_is_none() => Fails(
        "error CML0555: the calibration file is no JSON\n  --> x.json:1:1", Compile("--calibration", File("x.json", Png)));

    [Fact]
    public void A_calibration_file_of_other_values()
    {
        _tiny.Compile();
        string path = Path.Combine(_tiny.Out, "model.calibration.json");
        System.IO.File.WriteAllText(
            path, System.IO.File.ReadAllText(path).Replace("\"name\": \"relu\"", "\"name\": \"rule\"", StringComparison.Ordinal));
        Fails("note CML0810: preparation: --scale 1/255, stored with the model\n" +
            "error CML0556: the calibration file has no threshold for %relu\n  --> model.calibration.json\n" +
            "error CML0556: the calibration file names what the network does not have: %rule\n  --> model.calibration.json",
            Compile("--calibration", path));
    }

    [Fact]
    public void Labels_that_are_no_numbers() => Fails(
        "error CML0806: this line is not a class number\n  --> l.txt:1:1\n  help: labels are IDX, .npy, or text with one number a line; "
        + "names need the class list: --classes FILE",
        Compile("--data", _tiny.Data, "--test", _tiny.Data, "--labels", _tiny.Folder.Write("l.txt", "cat\n")));

    [Fact]
    public void Fewer_labels_than_samples() => Fails(
        "error CML0806: there are 6 samples, but only 1 label\n  help: labels belong to the samples in the same order",
        Compile("--data", _tiny.Data, "--test", _tiny.Data, "--labels", _tiny.Folder.Write("l.txt", "1\n")));

    [Fact]
    public void An_input_that_the_model_does_not_have() => Fails(
        "error CML0209: mnist-mlp-symbol.json has no input 'dat'\n  --> mnist-mlp-symbol.json\n  help: its inputs: 'data'",
        "print", Support.Repository.Path("golden", "models", "mnist-mlp"), "--input", "dat=1,1,28,28", "--input", "data=1,1,28,28");

    /// <summary>Whose inputs have no shape, which these commands cannot be told.</summary>
    [Theory]
    [InlineData("verify NETWORK --random 1")]
    [InlineData("bench NETWORK")]
    [InlineData("chain pack NETWORK -o OUT")]
    [InlineData("chain contract NETWORK --name A")]
    [InlineData("reproduce NETWORK --model NETWORK --data DATA")]
    public void A_float_network_in_place_of_a_compiled_folder(string line) => Fails(
        "error CML0924: 'mnist-dapp-symbol.json' is no integer model\n  help: compile it first: cortexml compile MODEL -o DIR",
        [.. line.Split(' ').Select(word => word switch
        {
            "NETWORK" => Support.Repository.Path("golden", "models", "mnist-dapp"), "OUT" => _tiny.Out, "DATA" => _tiny.Data, _ => word,
        })]);

    [Fact]
    public void A_picture_in_place_of_a_model() => Fails(
        $"error CML0920: '{_tiny.Folder["b.png"]}' is not a model that is known by its name\n"
        + "  help: pictures are data: --data FILE, --data FOLDER, or a pattern in quotes, --data 'photos/*.png'",
        "eval", File("b.png", Png), "--data", _tiny.Data);

    [Fact]
    public void A_plugin_that_is_not_there() =>
        Fails("error CML0101: no file 'none.dll'\n  --> none.dll", Compile("--data", _tiny.Data, "--plugin", "none.dll"));

    [Fact]
    public void Fewer_threads_than_none() => Fails(
        "error CML0934: --threads -3: a whole number from 0 is needed\n  help: cortexml run --help",
        "run", _tiny.Model, "--data", "x.npy", "--threads", "-3");
}
