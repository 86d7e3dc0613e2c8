using System.Text.Json;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Every command that prepares data: one option more does not take the stored ones away.</summary>
public sealed class PreparationCommandTests : IDisposable
{
    private const string Stored = "--scale 1/255 --mean 0.25 --std 0.5";

    private readonly TinyModel _tiny = new();
    private readonly string _colour;

    public PreparationCommandTests()
    {
        Assert.Equal(0, _tiny.Compile("--mean", "0.25", "--std", "0.5", "--quiet").Exit);
        byte[] image = [.. Enumerable.Range(0, 48).Select(i => (byte)(i * 5))];
        _colour = _tiny.Folder.Write("colour.ppm", [.. "P6 4 4 255 "u8, .. image]);
    }

    public void Dispose() => _tiny.Dispose();

    public static TheoryData<string> Commands => new()
    {
        "run OUT --data COLOUR --channels gray -o -",
        "verify OUT --data COLOUR --channels gray --engines interpreter,cpu",
        "chain input OUT COLOUR --channels gray",
        "chain simulate OUT --data COLOUR --channels gray",
        "run OUT --data DATA --layout nchw --json",
        "eval OUT MODEL --data DATA --labels LABELS --invert --json",
        "compile MODEL -o SECOND --calibration OUT/model.calibration.json --test COLOUR --channels gray",
        "compile OUT -o SECOND --test DATA --invert",
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void One_option_more_is_as_if_all_were_said(string command)
    {
        var merged = Run(command);
        var said = Run($"{command} --no-stored-prep {Stored}");
        Assert.Equal((0, 0), (merged.Exit, said.Exit));
        Assert.True(merged.Bytes.Length > 0);
        Assert.Equal(said.Bytes, merged.Bytes);
        Assert.Contains(" from the command line, the rest stored with the model\n", merged.Error);
        Assert.NotEqual(merged.Bytes, Run($"{command} --no-stored-prep").Bytes);
    }

    [Theory]
    [InlineData("run OUT --data DATA", $"{Stored}, stored with the model")]
    [InlineData("eval OUT MODEL --data DATA --std 2",
        "--scale 1/255 --mean 0.25 --std 2: --std 2 from the command line in place of --std 0.5, the rest stored with the model")]
    [InlineData("run OUT --data DATA --no-stored-prep", $"nothing; {Stored}, stored with the model, is left out")]
    [InlineData("eval MODEL --data DATA --scale 1/255", "--scale 1/255, from the command line")]
    public void What_is_in_force_is_told_once(string command, string note)
    {
        string error = Run(command).Error;
        Assert.Contains($"note CML0810: preparation: {note}\n", error);
        Assert.Equal(2, error.Split("CML0810").Length);
    }

    [Fact]
    public void Models_that_store_different_preparations_are_told_apart()
    {
        const string Rest = "the rest stored with the model\n";
        Assert.Equal(0, Run("compile MODEL -o OTHER --data DATA --scale 1/128 --quiet").Exit);
        string error = Run("eval OUT OTHER --data DATA --std 2").Error;
        Assert.Contains(
            $"for 'out': --scale 1/255 --mean 0.25 --std 2: --std 2 from the command line in place of --std 0.5, {Rest}", error);
        Assert.Contains($"preparation for 'other': --scale 1/128 --std 2: --std 2 from the command line, {Rest}", error);
    }

    [Theory]
    [InlineData("eval OUT --data DATA --std 2 --json", "$.results[0]")]
    [InlineData("run OUT --data DATA --std 2 --json", "$.samples[5]")]
    [InlineData("verify OUT --data DATA --std 2 --json --engines interpreter", "$")]
    [InlineData("chain simulate OUT --data DATA --std 2 --json", "$")]
    [InlineData("compile MODEL -o SECOND --calibration OUT/model.calibration.json --std 2 --json", "$")]
    public void Json_says_what_was_done(string command, string place)
    {
        var root = JsonDocument.Parse(Run(command).Output).RootElement;
        var element = place switch
        {
            "$.results[0]" => root.GetProperty("results")[0],
            "$.samples[5]" => root.GetProperty("samples")[5],
            _ => root,
        };
        Assert.Equal("--scale 1/255 --mean 0.25 --std 2", element.GetProperty("preparation").GetString());
    }

    [Fact]
    public void What_compiling_was_told_goes_over_what_was_stored_and_is_kept()
    {
        Assert.Equal(0, Run("compile OUT -o SECOND --scale 1/128").Exit);
        var io = ModelIo.Read(Path.Combine(_tiny.Folder["second"], ModelIo.FileName));
        Assert.Equal("--scale 1/128 --mean 0.25 --std 0.5", io.Preprocessing.ToString());
    }

    [Fact]
    public void The_hint_of_a_shape_that_does_not_fit_leads_to_the_right_numbers()
    {
        var refused = Run("run OUT --data COLOUR");
        Assert.EndsWith("help: change the channels: --channels gray\n", refused.Error);
        const string Followed = "run OUT --data COLOUR --channels gray -o -";
        Assert.Equal(Run($"{Followed} --no-stored-prep {Stored}").Bytes, Run(Followed).Bytes);
    }

    [Theory]
    [InlineData("run OUT --raw-input DATA --scale 2 --limit 1", "--limit, --scale: said about data, but the input is that of --raw-input")]
    [InlineData("verify OUT --random 2 --no-stored-prep", "--no-stored-prep: said about data, but the input is that of --random")]
    [InlineData("chain simulate OUT --words [0] --invert", "--invert: said about data, but the input is that of --words")]
    public void Options_about_data_that_are_not_there_are_refused(string command, string message)
    {
        var run = Run(command);
        Assert.Equal((2, $"error CML0940: {message}\n  help: leave it out, or pass --data\n"), (run.Exit, run.Error));
    }

    [Theory]
    [InlineData("run OUT --data DATA --limit 2 -o -", 2)]
    [InlineData("run OUT --data DATA --samples 2 -o -", 2)]
    [InlineData("run OUT --data DATA -o -", 6)]
    public void Either_name_bounds_the_only_data(string command, int count) =>
        Assert.Equal(count, NpyReader.Read(Run(command).Bytes, "stdout").Shape[0]);

    [Theory]
    [InlineData("--data DATA --test DATA --samples 3 --limit 2", 3, 2)]
    [InlineData("--data DATA --test DATA --samples 3", 3, 6)]
    [InlineData("--data DATA --test DATA --limit 2", 6, 2)]
    [InlineData("--data DATA --limit 4", 4, null)]
    [InlineData("--random-data 5 --test DATA --samples 2", null, 2)]
    public void Samples_bounds_calibration_and_limit_what_is_measured(string options, int? samples, int? measured)
    {
        var report = JsonDocument.Parse(Run($"compile MODEL -o SECOND --json {options}").Output).RootElement;
        string data = $"data.npy (6 x [4, 4] u8){(samples < 6 ? $", first {samples}" : "")}";
        if (samples is not null) Assert.Equal(data, report.GetProperty("calibration").GetString());
        Assert.Equal(measured, report.TryGetProperty("accuracy", out var accuracy) ? accuracy.GetProperty("count").GetInt32() : null);
    }

    [Theory]
    [InlineData("calibrate MODEL --data DATA --limit 0 -o -",
        "CML0934: --limit 0: a whole number from 1 is needed\n  help: cortexml calibrate --help")]
    [InlineData("eval MODEL --data DATA --samples -1",
        "CML0934: --samples -1: a whole number from 1 is needed\n  help: cortexml eval --help")]
    [InlineData("compile MODEL -o SECOND --data DATA --samples 2 --limit 1",
        "CML0940: --samples and --limit bound the same data: there is no --test\n  help: say one of them")]
    [InlineData("compile MODEL -o SECOND --random-data 2 --limit 1",
        "CML0940: --limit bounds data, and there are none\n  help: pass --data or --test, or leave it out")]
    [InlineData("compile MODEL -o SECOND --data DATA --predictions",
        "CML0940: --predictions takes the place of --json, and goes with --test\n  help: leave it out, or pass --test DATA")]
    public void A_bound_of_nothing_is_refused(string command, string message)
    {
        var run = Run(command);
        Assert.Equal((2, $"error {message}\n"), (run.Exit, run.Error));
    }

    [Theory]
    [InlineData("", "")]
    [InlineData(" --predictions", "sample,label,class,top5")]
    public void On_a_terminal_predictions_are_printed_when_asked_for(string options, string first)
    {
        var run = CliRun.Watched(Args("compile MODEL -o SECOND --data DATA --scale 1/255 --test DATA --labels LABELS" + options));
        Assert.Equal(first, run.Output.Split('\n')[0]);
        Assert.Equal(first.Length > 0 ? 8 : 1, run.Output.Split('\n').Length);
        Assert.Contains("6 samples on cpu, top-1 ", run.Error);
        Assert.Contains("integer top-1", run.Error);
    }

    private CliRun Run(string command) => CliRun.Of(Args(command));

    private string[] Args(string command)
    {
        (string Word, string Path)[] paths =
        [
            ("OUT", _tiny.Out), ("COLOUR", _colour), ("MODEL", _tiny.Model), ("DATA", _tiny.Data), ("LABELS", _tiny.Labels),
            ("SECOND", _tiny.Folder["second"]), ("OTHER", _tiny.Folder["other"]),
        ];
        return [.. command.Split(' ').Select(w => paths.Aggregate(w, (text, p) => text.Replace(p.Word, p.Path, StringComparison.Ordinal)))];
    }
}
