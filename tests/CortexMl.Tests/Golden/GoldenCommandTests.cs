using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Golden;

/// <summary>What golden files of other repositories need: models, vectors, plugins, files beside them, the command around them.</summary>
public sealed class GoldenCommandTests : IDisposable
{
    private const string Network =
        "graph @f(%x: f32[1, 2]) -> f32[1, 2] {\n  @w: f32[2, 2] = [1, 2, 3, 4]\n  %0 = nn.dense(%x, @w)\n  return %0\n}\n";

    private const string Relu = "graph @f(%x: i8[1, 2] @ 1) -> i8[1, 2] @ 1 {\n  %0 = cvm.relu(%x)\n  return %0\n}\n";

    private static readonly string s_plugin = Path.Combine(AppContext.BaseDirectory, "CortexMl.Samples.FoldSquares.dll");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("@f([1, -2]) == [1, 0]", true)]
    [InlineData("@f( [1,-2] )==[1,0]", true)]
    [InlineData("@f([1, -2]) == [1, -2]", false)]
    [InlineData("@g([1, -2]) == [1, 0]", false)]
    [InlineData("@f([1]) == [1, 0]", false)]
    [InlineData("@f([1, 200]) == [1, 127]", false)]
    [InlineData("@f([1, -2], [0]) == [1, 0]", false)]
    [InlineData("@f(1, -2) == [1, 0]", false)]
    public void Integer_graphs_run_on_every_engine_at_hand(string call, bool passes)
    {
        string file = Write($"//! run\n{Relu}//? run {call}\n");
        Assert.Equal(passes, Run(file).Passed);
    }

    [Fact]
    public void Float_graphs_run_behind_passes()
    {
        string file = Write($"//! run --passes=canonicalize\n{Network}//? run @f([1, -0.5]) == [0, 0]\n");
        var blessed = GoldenRunner.Run(Discover(file), new GoldenCommands(), bless: true);
        Assert.True(Assert.Single(blessed).Passed);
        Assert.EndsWith("//? run @f([1, -0.5]) == [0, 1]\n", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_case_of_run_that_runs_nothing_fails() => Assert.Contains("it has no line //? run",
        Run(Write($"//! run\n{Network}//? contains x\n")).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Constants_stand_in_files_beside_the_golden_file()
    {
        NpzWriter.Write(_folder["w.npz"], [("w", Tensor.Create(Shape.Of(2, 2), [1f, 2f, 3f, 4f]))]);
        string file = Write($"//! run\n{Network.Replace("[1, 2, 3, 4]", "file(\"w.npz\", \"w\")", StringComparison.Ordinal)}"
            + "//? run @f([1, 0]) == [1, 3]\n");
        Assert.True(Run(file).Passed, Run(file).ToString());
    }

    [Fact]
    public void A_line_names_plugins_relative_to_its_file_and_the_command_names_some_for_all()
    {
        File.Copy(s_plugin, _folder["own.dll"]);
        const string Case = "graph @f(%x: f32[2]) {\n  return %x\n}\n//? lacks nn\n";
        Assert.True(Run(Write($"//! opt --passes=fold-squares --plugin=own.dll\n{Case}")).Passed);
        string file = Write($"//! opt --passes=fold-squares\n{Case}");
        Assert.False(Run(file).Passed);
        Assert.True(GoldenRunner.Run(Discover(file)[0], new GoldenCommands(s_plugin)).Passed);
        Assert.Equal((0, "1 passed, 0 failed, 0 skipped\n"), Command("test", file, "--plugin", s_plugin));
    }

    [Fact]
    public void Compile_shows_the_graph_its_digests_gas_storage_and_bounds()
    {
        string file = Write($"//! compile --random-data=4\n{Network}//=\nold\n");
        Assert.True(Assert.Single(GoldenRunner.Run(Discover(file), new GoldenCommands(), bless: true)).Passed);
        string text = File.ReadAllText(file);
        Assert.Matches("graph @f\\(%x: i8\\[1, 2\\] @ [\\s\\S]*"
            + "// symbol [\\d,]+ bytes sha256:[0-9a-f]{64}\n// params [\\d,]+ bytes sha256:[0-9a-f]{64}\n"
            + "// gas \\d+\n// storage \\d+\n// bounds x -127 … 127, precision 8 of 8\n", text);
        Assert.Contains("warning CML", text, StringComparison.Ordinal);
        Assert.True(Run(file).Passed);
        const string Checks = "//? contains // gas\n//? lacks // storage\n//? lacks cvm.dense\n";
        string part = Write($"//! compile --random-data=4 --show=gas\n{Network}{Checks}");
        Assert.True(Run(part).Passed, Run(part).ToString());
    }

    [Fact]
    public void Compile_takes_a_model_beside_the_file_its_calibration_and_data_to_be_right_on()
    {
        using var tiny = new TinyModel();
        Assert.Equal(0, tiny.Compile("--quiet").Exit);
        string folder = Path.GetDirectoryName(tiny.Data)!, file = Path.Combine(folder, "model.golden.cml");
        string calibration = Path.GetRelativePath(folder, Path.Combine(tiny.Out, "model.calibration.json"));
        string model = Path.GetRelativePath(folder, tiny.Model);
        File.WriteAllText(file, $"//! compile --model={model} --calibration={calibration} --test={Path.GetFileName(tiny.Data)} "
            + $"--labels={Path.GetFileName(tiny.Labels)} --limit=4 --show=accuracy,digests --snapshot=kept\n");
        Assert.Contains("kept/symbol: there is no such file yet", Run(file).ToString().Replace('\\', '/'), StringComparison.Ordinal);
        Assert.True(Assert.Single(GoldenRunner.Run(Discover(file), new GoldenCommands(), bless: true)).Passed);
        Assert.Contains("// accuracy of 4 samples: float ", File.ReadAllText(file), StringComparison.Ordinal);
        foreach (string name in (string[])["symbol", "params", "model.calibration.json"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Out, name)), File.ReadAllBytes(Path.Combine(folder, "kept", name)));
        Assert.True(Run(file).Passed);
        File.AppendAllText(Path.Combine(folder, "kept", "symbol"), " ");
        Assert.Contains("is the first that differs", Run(file).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Errors_of_the_text_are_expected_by_code_line_and_words()
    {
        const string Broken = "//! print\ngraph @g(%x: f32[2]) {\n  %0 = nn.rellu(%x)\n  return %0\n}\n";
        Assert.True(Run(Write(Broken + "//? error CML0302 line 2: did you mean 'nn.relu'?\n")).Passed);
        Assert.False(Run(Write(Broken + "//? error CML0302 line 3\n")).Passed);
        Assert.False(Run(Write(Broken + "//? contains rellu\n")).Passed);
    }

    [Fact]
    public void The_command_lists_filters_reports_and_tells_nothing_to_run()
    {
        string file = Write($"//! opt --passes=''\n{Network}//? contains nn.dense\n//-  second\n{Network}//? contains nn.relu\n");
        string junit = _folder["r.xml"];
        Assert.Equal((0, $"{file}#1\n{file}#second\n"), Command("test", file, "--list"));
        Assert.Equal((1, "0 passed, 1 failed, 0 skipped\n"), Command("test", file, "--filter", "second", "--jobs", "1"));
        var failed = CliRun.Of("test", file, "--json", "--junit", junit);
        Assert.Equal(1, failed.Exit);
        Assert.Contains("\"failed\": 1", failed.Output, StringComparison.Ordinal);
        Assert.Contains("nothing contains 'nn.relu'", failed.Error, StringComparison.Ordinal);
        Assert.Contains("<testsuites tests=\"2\" failures=\"1\"", File.ReadAllText(junit), StringComparison.Ordinal);
        Assert.Equal(2, CliRun.Of("test", file, "--filter", "third").Exit);
        Assert.Equal(2, CliRun.Of("test", Directory.CreateDirectory(_folder["empty"]).FullName).Exit);
    }

    [Fact]
    public void Opt_runs_a_case_by_hand()
    {
        const string Twice = "graph @g(%x: f32[2]) {\n  %a = nn.relu(%x)\n  %b = nn.relu(%a)\n  return %a, %b\n}\n";
        string file = Write($"//! opt --passes=canonicalize\n{Twice}//=\nold\n//-  second\n{Network}//=\n");
        var (exit, output) = Command("opt", file + "#1");
        Assert.Equal(0, exit);
        Assert.Contains("return %a, %a", output, StringComparison.Ordinal);
        Assert.Contains("return %a, %b", Command("opt", file + "#1", "--passes", "").Output, StringComparison.Ordinal);
        Assert.Contains("graph @f", Command("opt", file + "#second").Output, StringComparison.Ordinal);
        Assert.Equal(2, Command("opt", file + "#third").Exit);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_thousand_cases_take_less_than_ten_seconds()
    {
        for (int f = 0; f < 50; f++)
            File.WriteAllText(_folder[$"{f}.cml"], string.Concat(Enumerable.Range(0, 20).Select(i =>
                (i == 0 ? "//! opt --passes=canonicalize,fuse-batch-norm,dead-code\n" : $"//-  case {i}\n")
                + Network + "//? contains nn.dense\n")));
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        var results = GoldenRunner.Run(Discover(_folder.Path), new GoldenCommands(), jobs: 2);
        Assert.Equal(1000, results.Count(r => r.Passed));
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    private static IReadOnlyList<GoldenTest> Discover(string path) =>
        GoldenRunner.Discover([path], null, new GoldenCommands(), new DiagnosticBag());

    private static GoldenResult Run(string file) => GoldenRunner.Run(Assert.Single(Discover(file)), new GoldenCommands());

    private static (int Exit, string Output) Command(params string[] args)
    {
        var run = CliRun.Of(args);
        return (run.Exit, run.Output);
    }

    private string Write(string text)
    {
        File.WriteAllText(_folder["case.cml"], text);
        return _folder["case.cml"];
    }
}
