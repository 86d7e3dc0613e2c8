using CortexMl.Diagnostics;
using CortexMl.Runs;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Runs;

/// <summary>Configurations of the reference tool as run files: what becomes of each key.</summary>
public sealed class ReferenceConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_configuration_of_mnist_becomes_a_run()
    {
        _folder.Write("mnist_dapp.json", "{}");
        _folder.Write("mnist_dapp.params", "");
        _folder.Write("data/mnist/t10k-images-idx3-ubyte.gz", "");
        var (run, notes) = Import(Mnist("data"));
        Assert.Equal(
            """
            {
              "$schema": "cortexml-run-1.schema.json",
              // from mnist.ini of the reference tool
              "model": "mnist_dapp.json",
              "params": "mnist_dapp.params",
              "input": {"data": [1, 1, 28, 28]},
              "output": "mnist_dapp_tfm",
              "data": "data/mnist/t10k-images-idx3-ubyte.gz",
              // Batch · Calibrate_num; 100 to 500 samples give better thresholds
              "samples": 16,
              "scale": "1/255",
              // the reference tool evaluates on the data that calibrate
              "test": "data/mnist/t10k-images-idx3-ubyte.gz",
              "labels": "data/mnist/t10k-labels-idx1-ubyte.gz",
              "limit": 150,
              "inputPrecision": 8,
              "outputPrecision": 8
            }

            """.ReplaceLineEndings("\n"), run.ToJson());
        Assert.Equal(["note CML0987: not needed here: Verbosity, Device_type, Device_ids\n  --> mnist.ini"], notes);
    }

    [Fact]
    public void What_a_run_cannot_say_is_told_with_its_place_and_the_rest_is_taken()
    {
        var (run, notes) = Import("""
            ; a configuration
            [DEFAULT]
            Model_name: ssd
            Input_shape=(-1, 3, 512, 512)
            [SPLIT_MODEL]
            Keys=
              a,
              b
            [CALIBRATION]
            Dataset=voc
            Calibrate_num=2
            Batch=4
            lambda=12.5
            [QUANTIZATION]
            Thresholds=
              data: 2.64
            Restore_name=conv0, _OP_sigmoid
            Shift_bit=5
            [COMPILATION]
            Batch=8
            Dump_dir=built
            """, new() { Model = "net.json", Data = "photos" });
        Assert.Equal(
            ["model", "input", "output", "data", "samples", "scale", "mean", "std", "passes", "restore"], run.Members.Select(m => m.Name));
        Assert.Equal("built/ssd_tfm", Value(run, "output"));
        Assert.Equal("8", run.Members.Single(m => m.Name == "samples").Value.ToJsonString());
        Assert.Equal("default,calibrate{method=mean-std,lambda=12.5}@instead", Value(run, "passes"));
        Assert.Equal("[\"conv0\"]", run.Members.Single(m => m.Name == "restore").Value.ToJsonString());
        Assert.Equal(
            [
                "warning CML0987: [SPLIT_MODEL] Keys is left out: networks are compiled whole, detection with its boxes too\n"
                    + "  --> mnist.ini:6:1",
                "warning CML0987: [QUANTIZATION] Thresholds is left out: thresholds stand in the scheme, under the names of "
                    + "model.scheme.json\n  --> mnist.ini:15:1",
                "warning CML0987: [QUANTIZATION] Shift_bit is left out: the reference tool has no such key\n  --> mnist.ini:18:1\n"
                    + "  help: did you mean 'Shift_bits'?",
                "warning CML0987: Restore_name _OP_sigmoid: kinds of operations have other names here\n  --> mnist.ini:17:1\n"
                    + "  help: pass --restore op:nn.sigmoid or names of model.scheme.json",
                "warning CML0987: Batch 8: a model of the chain takes one sample\n  --> mnist.ini:20:1",
            ], notes);
    }

    [Fact]
    public void Everything_that_cannot_be_read_is_told_at_once()
    {
        var error = Assert.Throws<DiagnosticException>(() => Import("""
            [DEFAULT]
            Model_name=
            Input_shape=(-1, x)
            [CALIBRATION]
            Dataset=imagnet
            Batch=0
            [QUANTIZATION]
            Input_precision=eight
            """));
        Assert.Equal(
            [
                "[DEFAULT] Model_name is missing or empty", "Input_shape '(-1, x)' is no shape",
                "the reference tool has no data set 'imagnet'", "Input_precision 'eight': a whole number from 1 to 16777216 is needed",
            ], error.Diagnostics.Select(d => d.Message));
        Assert.Equal("did you mean 'imagenet'? known are mnist, cifar10, quickdraw, imagenet, voc, coco, trec", error.Diagnostics[2].Hint);
    }

    [Theory]
    [InlineData("x=1", "'x=1' stands in no section")]
    [InlineData("[DEFAULT]\nnothing", "'nothing' is no setting")]
    [InlineData("[DEFAULT]\nVerbosity=1\nverbosity=2", "'verbosity' stands twice in [DEFAULT]")]
    public void A_text_that_is_no_configuration_is_refused(string text, string message) =>
        Assert.Contains(message, Assert.Throws<DiagnosticException>(() => Import(text)).Diagnostics.Select(d => d.Message));

    [Fact]
    public void Data_that_are_not_read_are_refused_with_what_to_give()
    {
        var error = Assert.Throws<DiagnosticException>(() => Import("[DEFAULT]\nModel_name=x\n[CALIBRATION]\nDataset=imagenet\n"));
        Assert.Equal("pass --data with a folder of its images in place of val.rec, a sub-folder for each class", error.Diagnostics[0].Hint);
    }

    /// <summary>The README's table is the code's.</summary>
    [Fact]
    public void The_page_has_a_line_for_every_key()
    {
        string page = File.ReadAllText(Repository.Path("src", "CortexMl", "Runs", "README.md"));
        string[] lines = [.. ReferenceKeys.All.Select(key => $"| {key.Section} | `{key.Key}` | {Fate(key.Fate)}{key.Becomes} |")];
        Assert.Equal(lines, page.Split('\n').Where(line => lines.Contains(line) || line.StartsWith("| DEFAULT", StringComparison.Ordinal)));
        Assert.All(ReferenceData.All, set => Assert.Contains($"`{set.Name}`", page, StringComparison.Ordinal));
    }

    private static string Fate(KeyFate fate) =>
        fate switch { KeyFate.Needless => "not needed: ", KeyFate.Lost => "left out with a warning: ", _ => "" };

    private static string Value(RunFile run, string member) => run.Members.Single(m => m.Name == member).Value.GetValue<string>();

    private static string Mnist(string data) => $"""
        [DEFAULT]
        Model_dir=
        Model_name=mnist_dapp
        Verbosity=20
        Input_shape=(-1, 1, 28, 28)
        [CALIBRATION]
        Batch=
        Calibrate_num=1
        # lambda = None
        Lambda=
        Dataset=mnist
        Dataset_dir={data}
        Device_type=gpu
        Device_ids=0
        [QUANTIZATION]
        Input_precision=8
        Output_precision=8
        [EVALUATION]
        Batch=15
        Iter_num=10
        [COMPILATION]
        Batch=1
        Dump_dir=
        """;

    private (RunFile Run, IReadOnlyList<string> Notes) Import(string text, Placing? placing = null)
    {
        var notes = new DiagnosticBag();
        var places = new ImportPlaces(_folder.Path)
        {
            Model = placing?.Model is { } model ? _folder[model] : null, Data = placing?.Data is { } data ? _folder[data] : null,
        };
        var run = ReferenceConfiguration.Import(_folder.Write("mnist.ini", text), places, notes);
        return (run, [.. notes.Items.Select(n => n.ToString())]);
    }

    private sealed record Placing
    {
        public string? Model { get; init; }

        public string? Data { get; init; }
    }
}
