using CortexMl.Passes;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Edits of the default pipeline from the command line, and the string that runs.</summary>
public sealed class PipelineCommandTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void The_printed_pipeline_compiles_to_the_same_files()
    {
        var printed = _tiny.Compile("--print-pipeline");
        Assert.Equal((0, ""), (printed.Exit, printed.Error));
        Assert.Contains(",quantize{weights=per-channel,", printed.Output);
        Assert.False(Directory.Exists(_tiny.Out));
        Assert.Equal(0, _tiny.Compile().Exit);
        byte[] usual = File.ReadAllBytes(Path.Combine(_tiny.Out, "symbol"));
        Assert.Equal(0, _tiny.Compile("--passes", printed.Output).Exit);
        Assert.Equal(usual, File.ReadAllBytes(Path.Combine(_tiny.Out, "symbol")));
        Assert.Equal(printed.Output, _tiny.Compile("--print-pipeline", "--passes", printed.Output).Output);
    }

    [Fact]
    public void The_pipeline_of_a_text_on_standard_input_is_printed()
    {
        var piped = CliRun.With(File.ReadAllText(_tiny.Model), "compile", "-", "-o", _tiny.Out, "--random-data", "1", "--print-pipeline");
        Assert.Equal((0, ""), (piped.Exit, piped.Error));
        Assert.Equal(_tiny.Compile("--print-pipeline").Output, piped.Output);
    }

    [Fact]
    public void Options_of_the_command_and_the_end_are_in_the_printed_pipeline()
    {
        string printed = _tiny.Compile("--print-pipeline", "--output-precision", "12", "--stop-after", "quantize").Output;
        Assert.EndsWith("}\n", printed);
        Assert.Equal("12", Pipeline.Parse(printed).Steps[^1].Options.Single(o => o.Key == "output").Value);
    }

    [Fact]
    public void Edits_of_the_default_pipeline_compile()
    {
        Assert.Equal(0, _tiny.Compile("--passes", "default,-fuse-scale,quantize{output=8}@instead").Exit);
        string report = File.ReadAllText(Path.Combine(_tiny.Out, "report.json"));
        Assert.DoesNotContain("fuse-scale", report);
        Assert.Contains("quantize{output=8}", report);
        Assert.Contains("i8[1, 3] @", File.ReadAllText(Path.Combine(_tiny.Out, "model.cml")).Split('\n')[0]);
    }

    [Fact]
    public void Without_data_an_edited_default_pipeline_is_told_that_nothing_calibrates() =>
        Assert.Contains("CML0921", CliRun.Of("compile", _tiny.Model, "-o", _tiny.Out, "--passes", "default,-fuse-scale").Error);

    [Theory]
    [InlineData("default", true)]
    [InlineData("default,fold-squares", false)]
    public void A_plugin_of_which_nothing_runs_is_told(string pipeline, bool told)
    {
        string plugin = Path.Combine(AppContext.BaseDirectory, "CortexMl.Samples.FoldSquares.dll");
        var run = _tiny.Compile("--plugin", plugin, "--passes", pipeline);
        Assert.Equal(0, run.Exit);
        Assert.Equal(told, run.Error.Contains(
            "note CML0935: --plugin: no pass of it is in the pipeline: fold-squares\n  help: add it: --passes default,fold-squares\n"));
    }

    [Fact]
    public void Opt_prints_the_pipeline_of_the_level_of_its_graphs()
    {
        const string Float = "graph @g(%x: f32[1, 2]) {\n  return %x\n}\n";
        Assert.Equal("dead-code,drop-identity\n",
            CliRun.With(Float, "opt", "-", "--passes", "default", "--print-pipeline", "--stop-after", "drop-identity").Output);
        const string Integers = "graph @g(%x: i8[1, 2] @ 4) {\n  return %x\n}\n";
        Assert.StartsWith("pack-inputs,align-outputs,",
            CliRun.With(Integers, "opt", "-", "--passes", "default", "--print-pipeline").Output);
    }

    [Fact]
    public void An_edit_of_what_the_pipeline_does_not_have_is_exit_2()
    {
        var run = _tiny.Compile("--passes", "default,-fuse-scales");
        Assert.Equal(2, run.Exit);
        Assert.StartsWith("error CML0907: '-fuse-scales': no pass 'fuse-scales' stands to its left; did you mean 'fuse-scale'?", run.Error);
    }
}
