using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>
/// What a command line says about itself: help where nothing was asked, suggestions for what was misspelt, all that is missing at once.
/// </summary>
public sealed class UsageTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Theory]
    [InlineData("", "compile <MODEL>")]
    [InlineData("help", "compile <MODEL>")]
    [InlineData("chain", "simulate <DIR>")]
    [InlineData("help chain", "simulate <DIR>")]
    [InlineData("help chain pack", "--piece-length")]
    [InlineData("chain help", "simulate <DIR>")]
    [InlineData("chain help pack", "--piece-length")]
    [InlineData("help help", "compile <MODEL>")]
    [InlineData("help chain help pack", "--piece-length")]
    [InlineData("help help compile", "--input-precision")]
    [InlineData("help compile", "cortexml compile model.cml -o out --random-data 8")]
    public void Nothing_to_do_shows_help(string line, string shown)
    {
        var run = CliRun.Of(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Contains(shown, run.Output);
    }

    [Theory]
    [InlineData("complie x.cml -o out",
        "error CML0940: Unrecognized command or argument 'complie'.\n  help: did you mean 'compile'?\n  help: cortexml --help\n")]
    [InlineData("help complie",
        "error CML0940: Unrecognized command or argument 'complie'.\n  help: did you mean 'compile'?\n  help: cortexml --help\n")]
    [InlineData("chain pak out -o x",
        "error CML0940: Unrecognized command or argument 'pak'.\n  help: did you mean 'pack'?\n  help: cortexml chain --help\n")]
    [InlineData("compile x.cml -o out --calibratoin=f",
        "error CML0940: Unrecognized command or argument '--calibratoin=f'.\n  help: did you mean '--calibration'?\n"
        + "  help: cortexml compile --help\n")]
    [InlineData("check out --stict",
        "error CML0940: Unrecognized option '--stict'.\n  help: did you mean '--strict'?\n  help: cortexml check --help\n")]
    [InlineData("eval a b --lables x",
        "error CML0940: Unrecognized option '--lables'.\n  help: did you mean '--labels'?\n  help: cortexml eval --help\n")]
    public void A_misspelt_word_is_refused_with_the_one_that_is_meant(string line, string expected)
    {
        var run = CliRun.Of(line.Split(' '));
        Assert.Equal((2, "", expected), (run.Exit, run.Output, run.Error));
    }

    [Theory]
    [InlineData("compile {0} -o - --random-data 1")]
    [InlineData("compile {0} -o out --random-data 1 --dump-ir after --dump-dir -")]
    [InlineData("chain pack {1} -o -")]
    public void Several_files_do_not_go_to_standard_output(string line)
    {
        Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        var run = CliRun.Of([.. line.Split(' ').Select(word => word switch { "{0}" => _tiny.Model, "{1}" => _tiny.Out, _ => word })]);
        Assert.Equal((2, "", "error CML0940: several files cannot go to standard output\n  help: name a folder; ./- is one of that name\n"),
            (run.Exit, run.Output, run.Error));
        Assert.False(Directory.Exists("-"));
    }

    [Theory]
    [InlineData("help nosuch", "'nosuch'", "compile, calibrate, eval", "cortexml --help")]
    [InlineData("frobnicate", "'frobnicate'", "compile, calibrate, eval", "cortexml --help")]
    [InlineData("chain help nosuch", "'nosuch'", "pack, meta, input", "cortexml chain --help")]
    public void A_command_that_there_is_not_is_answered_with_those_that_there_are(string line, string word, string commands, string help)
    {
        var run = CliRun.Of(line.Split(' '));
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(word, run.Error.Split('\n')[0]);
        Assert.Contains($"\n  help: commands: {commands}", run.Error);
        Assert.EndsWith($"\n  help: {help}\n", run.Error);
    }

    [Theory]
    [InlineData("ops cvm.con2d", "did you mean 'cvm.conv2d'? 'cortexml ops' lists them")]
    [InlineData("ops Convolusion --frontend mxnet", "did you mean 'Convolution'?")]
    [InlineData("ops Resise --frontend onnx", "did you mean 'Resize'?")]
    public void An_operator_is_suggested(string line, string expected)
    {
        var run = CliRun.Of(line.Split(' '));
        Assert.Equal(2, run.Exit);
        Assert.Contains(expected, run.Error);
    }

    [Fact]
    public void An_engine_is_suggested()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        foreach (string[] line in (string[][])[["run", _tiny.Out, "--data", _tiny.Data, "--engine", "interpeter"],
            ["verify", _tiny.Out, "--engines", "cpu,interpeter"]])
        {
            var run = CliRun.Of(line);
            Assert.Equal(2, run.Exit);
            Assert.Contains("did you mean 'interpreter'?", run.Error);
        }
    }

    [Fact]
    public void A_model_that_cannot_be_read_and_data_that_are_missing_are_told_together()
    {
        var run = CliRun.Of("compile", _tiny.Folder["none.onnx"], "-o", _tiny.Out);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0101", run.Error);
        Assert.Contains("error CML0921: there is nothing to calibrate with", run.Error);
        string symbol = Support.Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp-symbol.json");
        string shapeless = CliRun.Of("compile", symbol, "-o", _tiny.Out).Error;
        Assert.Contains("--input", shapeless);
        Assert.Contains("error CML0921: there is nothing to calibrate with", shapeless);
        Assert.False(Directory.Exists(_tiny.Out));
    }

    [Fact]
    public void One_of_something_is_one()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        Assert.StartsWith("1 sample on ", CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--limit", "1").Error.Split('\n')[^2]);
        Assert.Contains("1 transaction,", CliRun.Of("chain", "pack", _tiny.Out, "-o", _tiny.Folder["package"]).Error);
        Assert.Contains("takes 1 value; 2 are given", CliRun.Of("chain", "calldata", "f(uint256)", "1", "2").Error);
        Assert.Contains("takes 2 values; 1 is given", CliRun.Of("chain", "calldata", "f(uint256,uint256)", "1").Error);
    }

    [SkippableTheory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public void A_signal_ends_the_command_after_a_line(string signal, int exit)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs signals");
        using var process = CliProcess.Start([.. CliProcess.Listening(), "opt", "-", "--passes=dead-code", "-o", _tiny.Folder["x.cml"]]);
        // More than a pipe holds: when all is written, the command reads, and so listens.
        process.StandardInput.Write(new string(' ', 1 << 20));
        process.StandardInput.Flush();
        AssertEnds(process, signal, exit);
        Assert.False(File.Exists(_tiny.Folder["x.cml"]));
    }

    /// <summary>In the middle of calibration, in which the float runtime has the processor.</summary>
    [SkippableFact]
    public void A_signal_ends_a_compilation_and_leaves_nothing()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "looks at the libraries that a process has loaded");
        string model = Support.Repository.Path("golden", "models", "mnist-lenet", "mnist-lenet-symbol.json");
        string output = _tiny.Folder["interrupted"];
        string[] words = ["compile", model, "--input", "data=1,1,28,28", "--random-data", "500000", "--float-engine", "onnxruntime"];
        using var process = CliProcess.Start([.. CliProcess.Listening(), .. words, "-o", output]);
        bool isCalibrating = SpinWait.SpinUntil(() => Maps(process.Id).Contains("libonnxruntime", StringComparison.Ordinal), 60_000);
        Assert.True(isCalibrating);
        AssertEnds(process, "TERM", 143);
        Assert.False(Directory.Exists(output));
    }

    private static void AssertEnds(System.Diagnostics.Process process, string signal, int exit)
    {
        Assert.Equal(0, CliProcess.Shell($"kill -{signal} {process.Id}").Exit);
        var told = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(60_000)) process.Kill();
        Assert.Contains("interrupted: nothing was written", told.GetAwaiter().GetResult());
        Assert.Equal(exit, process.ExitCode);
    }

    private static string Maps(int process) => File.Exists($"/proc/{process}/maps") ? File.ReadAllText($"/proc/{process}/maps") : "";
}
