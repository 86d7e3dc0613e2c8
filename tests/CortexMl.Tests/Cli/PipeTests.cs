using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>print | opt | compile</c>: what one command prints the next one reads, and the result is the same bytes.</summary>
public sealed class PipeTests : IDisposable
{
    private static readonly string[] s_own = ["golden/models/mnist-mlp", "golden/models/mnist-dapp", "grammar/examples/lenet.cml"];

    /// <summary>Symbols of MXNet do not say the shape of their input.</summary>
    private static readonly string[][] s_shapes = [[], ["--input", "data=1,1,28,28"], ["--input", "data=1,3,32,32"]];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Own => [.. s_own];

    /// <summary>Networks of others, below ../shared/data.</summary>
    public static TheoryData<string> Shared
    {
        get
        {
            string data = Path.Combine(Repository.Root, "..", "shared", "data");
            string[] found = !Directory.Exists(data) ? [] : [.. new[] { "mxnet", "onnx", "onnx-wild", "cortex" }
                .Select(f => Path.Combine(data, f)).Where(Directory.Exists)
                .SelectMany(f => Directory.EnumerateFiles(f, "*", SearchOption.AllDirectories))
                .Where(f => f.EndsWith(".onnx", StringComparison.Ordinal) || f.EndsWith("-symbol.json", StringComparison.Ordinal))
                .Select(f => Path.GetRelativePath(data, f)).Order(StringComparer.Ordinal)];
            return found.Length > 0 ? [.. found] : ["absent"];
        }
    }

    [Theory]
    [MemberData(nameof(Own))]
    public void A_network_comes_through_pipes(string model) => ComesThrough(Repository.Path(model.Split('/')), isOurs: true);

    [SkippableTheory]
    [MemberData(nameof(Shared))]
    [Trait("Speed", "Slow")]
    public void A_network_of_others_comes_through_pipes(string model) =>
        ComesThrough(Path.Combine(SharedData.Folder(), model), isOurs: false);

    [Fact]
    public void Files_hold_the_constants_beside_a_text()
    {
        string model = Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp.onnx"), text = _folder["m.cml"];
        Assert.Equal(0, CliRun.Of("print", model, "-o", text).Exit);
        Assert.Equal(["m.cml", "m.cml.npz"], _folder.Listing);
        Assert.Contains("file(\"m.cml.npz\", ", File.ReadAllText(text), StringComparison.Ordinal);
        Assert.Equal(CliRun.Of("print", model).Output, CliRun.Of("print", text).Output);
        // Over itself: what the text names is read before it is replaced.
        Assert.Equal(0, CliRun.Of("opt", text, "--passes", "canonicalize", "-o", text).Exit);
        Assert.Equal(0, CliRun.Of("compile", text, "-o", _folder["out"], "--random-data", "1", "--quiet").Exit);
    }

    [Fact]
    public void Dumps_in_a_folder_read_back_and_hold_each_constant_once()
    {
        string model = Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp.onnx"), dumps = _folder["dumps"];
        var run = CliRun.Of(
            "compile", model, "-o", _folder["out"], "--random-data", "1", "--quiet", "--dump-ir", "after", "--dump-dir", dumps);
        Assert.True(run.Exit == 0, run.Error);
        string[] texts = [.. Directory.EnumerateFiles(dumps, "*.cml").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(texts);
        Assert.All(texts, text => Assert.Equal(0, CliRun.Of("opt", text, "--passes", "").Exit));
        Assert.InRange(Directory.EnumerateFiles(dumps, "*.npz").Count(), 1, texts.Length / 2);
    }

    [Fact]
    public void Constants_stand_where_they_are_wanted()
    {
        string model = Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp.onnx");
        Assert.Contains("= [base64:", CliRun.Of("print", model).Output, StringComparison.Ordinal);
        Assert.Contains("= dense<sha256:", CliRun.Watched("print", model).Output, StringComparison.Ordinal);
        Assert.Contains("= dense<sha256:", CliRun.Of("print", model, "--constants", "digest").Output, StringComparison.Ordinal);
        Assert.Contains("= dense<sha256:", CliRun.Of("print", model, "--strip", "names").Output, StringComparison.Ordinal);
        Assert.Equal(2, CliRun.Of("print", model, "--constants", "file").Exit);
        Assert.Equal(0, CliRun.Of("print", model, "-o", _folder["m.cml"], "--constants", "inline").Exit);
        Assert.Equal(["m.cml"], _folder.Listing);
    }

    [Fact]
    public void A_text_of_several_graphs_is_printed_with_the_constants_of_each()
    {
        const string Text = "graph @a(%x: f32[1, 80]) {\n  @w: f32[1, 80] = random(1)\n  %0 = nn.add(%x, @w)\n  return %0\n}\n";
        string second = Text.Replace("@a(", "@b(", StringComparison.Ordinal).Replace("random(1)", "1", StringComparison.Ordinal);
        string text = _folder.Write("two.cml", Text + second);
        var run = CliRun.Of("print", text);
        Assert.Equal((0, 2), (run.Exit, TextParser.Parse(run.Output).Count));
        Assert.Equal(0, CliRun.Of("print", text, "-o", _folder["out.cml"]).Exit);
        Assert.Contains("random(1)", File.ReadAllText(_folder["out.cml"]), StringComparison.Ordinal);
        Assert.Contains("file(\"out.cml.npz\", \"b/w\")", File.ReadAllText(_folder["out.cml"]), StringComparison.Ordinal);
        Assert.Equal(run.Output, CliRun.Of("print", _folder["out.cml"]).Output);
        Assert.Equal(2, CliRun.Of("print", text, "--format", "onnx").Exit);
    }

    [Theory]
    [InlineData("fuse-batch-norm", true)]
    [InlineData("quantize", false)]
    public void The_folder_of_a_stopped_compilation_is_a_model(string pass, bool isFloat)
    {
        using var tiny = new TinyModel();
        Assert.Equal(0, tiny.Compile("--quiet").Exit);
        string stopped = _folder["stopped"], made = _folder["made"];
        string[] given = ["--data", tiny.Data, "--scale", "1/255"], data = isFloat ? given : [];
        Assert.Equal(0, CliRun.Of(["compile", tiny.Model, "-o", stopped, .. given, "--stop-after", pass]).Exit);
        var run = CliRun.Of(["compile", stopped, "-o", made, "--quiet", .. data]);
        Assert.True(run.Exit == 0, run.Error);
        foreach (string file in (string[])["symbol", "params"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(tiny.Out, file)), File.ReadAllBytes(Path.Combine(made, file)));
        if (!isFloat) return;
        Assert.Equal(0, CliRun.Of("run", stopped, "--data", tiny.Data, "--scale", "1/255").Exit);
        Assert.Equal(0, CliRun.Of("eval", stopped, "--data", tiny.Data, "--labels", tiny.Labels, "--scale", "1/255").Exit);
    }

    [Fact]
    public void A_text_on_standard_input_is_calibrated_as_its_file_is()
    {
        using var tiny = new TinyModel();
        string[] data = ["--data", tiny.Data, "--scale", "1/255", "-o", "-"];
        var file = CliRun.Of(["calibrate", tiny.Model, .. data]);
        Assert.True(file.Exit == 0, file.Error);
        var piped = CliRun.With(File.ReadAllText(tiny.Model), ["calibrate", "-", .. data]);
        Assert.True(piped.Exit == 0, piped.Error);
        Assert.Equal(file.Output, piped.Output);
        var broken = CliRun.With("graph", ["calibrate", "-", .. data]);
        Assert.Equal(2, broken.Exit);
        Assert.Contains("--> input:1:6", broken.Error, StringComparison.Ordinal);
    }

    private void ComesThrough(string model, bool isOurs)
    {
        string[] shapes = s_shapes.FirstOrDefault(s => Compile(model, s).Exit == 0, []);
        var printed = CliRun.Of(["print", model, .. shapes]);
        Skip.If(printed.Exit != 0 && !isOurs, $"it is not read without options: {printed.Error.Split('\n')[0]}");
        var direct = Compile(model, shapes);
        var optimized = CliRun.With(printed.Output, "opt", "-");
        Assert.True(optimized.Exit == 0, optimized.Error);
        Assert.True(printed.Output == optimized.Output, "print, parse, print differ");
        var piped = CliRun.With(optimized.Output, "compile", "-", "-o", _folder["piped"], "--random-data", "1", "--quiet");
        Assert.True(direct.Exit == piped.Exit, piped.Error);
        if (direct.Exit != 0) return;
        foreach (string file in (string[])["symbol", "params"])
            Assert.Equal(BytesOf(_folder["direct"], file), BytesOf(_folder["piped"], file));
    }

    private CliRun Compile(string model, string[] shapes) =>
        CliRun.Of(["compile", model, "-o", _folder["direct"], "--random-data", "1", "--quiet", .. shapes]);

    private static byte[] BytesOf(string folder, string file) => File.ReadAllBytes(Path.Combine(folder, file));
}
