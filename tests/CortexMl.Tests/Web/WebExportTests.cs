using System.Text.Json.Nodes;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CortexMl.Web;
using Xunit;

namespace CortexMl.Tests.Web;

/// <summary>The files of a page, without a browser.</summary>
public sealed class WebExportTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    private string Page => _tiny.Folder["page"];

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void The_same_folder_gives_the_same_bytes()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        foreach (string page in (string[])["page", "again"]) Exported(Export(_tiny.Folder[page], "--ort", Package("1.2.3")));
        string[] files = Names(Page);
        Assert.Equal(files, Names(_tiny.Folder["again"]));
        Assert.All(files, name => Assert.Equal(Bytes(Page, name), Bytes(_tiny.Folder["again"], name)));
        Assert.Equal(
            [
                "README.txt", "answers.js", "image.js", "index.html", "integers.js", "model.manifest.json", "model.onnx", "network.js",
                "ort/LICENSE.txt", "ort/ort-wasm-simd-threaded.wasm", "ort/ort.wasm.bundle.min.js", "page.js", "page.json", "pen.js",
                "png.js", "prepare.js", "style.css",
            ],
            files);
    }

    [Fact]
    public void Its_model_is_the_one_that_print_writes()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        Exported(Export(Page, "--without-ort"));
        Assert.Equal(CliRun.Of("print", _tiny.Out, "--format", "onnx-integer").Bytes, File.ReadAllBytes(Path.Combine(Page, "model.onnx")));
    }

    [Fact]
    public void The_page_knows_what_the_folder_says()
    {
        Assert.Equal(0, _tiny.Compile("--channels", "gray").Exit);
        Exported(Export(
            Page, "--ort", Package("1.2.3"), "--classes", _tiny.Folder.Write("classes.txt", "ant\nbee\n\u6c34\n"), "--title", "Insects"));
        var page = JsonNode.Parse(File.ReadAllText(Path.Combine(Page, "page.json")))!;
        Assert.Equal("Insects", (string)page["name"]!);
        Assert.Equal(["ant", "bee", "\u6c34"], page["classes"]!.AsArray().Select(name => (string)name!));
        Assert.Equal("1.2.3", (string)page["runtime"]!["version"]!);
        Assert.Equal("0x1472cd1f", (string)page["call"]!["selector"]!);
        Assert.Equal("scores", (string)page["kind"]!);
        Assert.True((bool)page["image"]!);
        Assert.Null(page["pen"]);
        Assert.Equal("--channels gray --scale 1/255", (string)page["preparation"]!);
        var io = JsonNode.Parse(File.ReadAllText(Path.Combine(_tiny.Out, ModelIo.FileName)))!;
        Assert.True(JsonNode.DeepEquals(io["inputs"], page["inputs"]));
        Assert.True(JsonNode.DeepEquals(io["preprocessing"], page["preprocessing"]));
        Assert.Contains("onnxruntime-web 1.2.3.", File.ReadAllText(Path.Combine(Page, "README.txt")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_runtime_the_page_says_what_is_to_be_copied()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        var run = Export(Page, "--without-ort");
        Exported(run);
        Assert.Equal($"'{Page}' holds the page; it works once the files of README.txt are copied\n", run.Error);
        string text = File.ReadAllText(Path.Combine(Page, "README.txt"));
        Assert.Contains("cp node_modules/onnxruntime-web/dist/ort.wasm.bundle.min.mjs ort/ort.wasm.bundle.min.js\n", text);
        Assert.Contains("cp node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm ort/ort-wasm-simd-threaded.wasm\n", text);
        Assert.DoesNotContain('\r', text);
    }

    [Fact]
    public void A_package_that_is_not_there_leaves_nothing_behind()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string other = _tiny.Folder["other"];
        Directory.CreateDirectory(other);
        foreach (string? json in (string?[])
            [null, "{", "[]", """{"name": "left-pad", "version": "1.0.0"}""", """{"name": "onnxruntime-web"}"""])
        {
            if (json is not null) File.WriteAllText(Path.Combine(other, "package.json"), json);
            var run = Export(Page, "--ort", other);
            Assert.Equal(2, run.Exit);
            Assert.StartsWith(
                $"error CML0996: '{other}' is no folder of the npm package onnxruntime-web\n", run.Error, StringComparison.Ordinal);
        }
        File.WriteAllText(Path.Combine(other, "package.json"), """{"name": "onnxruntime-web", "version": "1.0.0"}""");
        Assert.StartsWith(
            $"error CML0996: '{other}' has no dist/ort.wasm.bundle.min.mjs\n", Export(Page, "--ort", other).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Page));
    }

    [Fact]
    public void What_cannot_be_a_page_is_refused()
    {
        Assert.StartsWith("error CML0924", CliRun.Of("export", "web", _tiny.Model, "-o", Page, "--without-ort").Error);
        Assert.Equal(0, _tiny.Compile().Exit);
        Assert.StartsWith("error CML0940", Export(Page, "--without-ort", "--ort", "x").Error);
        foreach (string name in Names(_tiny.Out).Except(["symbol", "params"])) File.Delete(Path.Combine(_tiny.Out, name));
        Assert.StartsWith("error CML0922", Export(Page, "--without-ort").Error);
        Assert.False(Directory.Exists(Page));
    }

    /// <summary>Small grey images of bytes can be drawn, numbers cannot.</summary>
    [Theory]
    [InlineData("mnist-dapp", "mnist-dapp/calibration.npy", true)]
    [InlineData("mnist-mlp", "mnist-mlp/calibration.npy", true)]
    [InlineData("words", "words/data.npy", false)]
    public void Images_of_digits_can_be_drawn(string name, string data, bool isDrawn)
    {
        var compiled = CliRun.Of("compile", Repository.Path("golden", "models", name, $"{name}.onnx"), "-o", _tiny.Out, "--quiet",
            "--data", Repository.Path("golden", "models", data), "--no-report", "--samples", "8");
        Assert.True(compiled.Exit == 0, compiled.Error);
        Exported(Export(Page, "--without-ort"));
        var page = JsonNode.Parse(File.ReadAllText(Path.Combine(Page, "page.json")))!;
        Assert.Equal(isDrawn, (bool)page["image"]!);
        Assert.Equal(isDrawn ? [1, 28, 28] : null, page["pen"]?["shape"]?.AsArray().Select(side => (int)side!).ToArray());
    }

    private CliRun Export(string page, params string[] more) => CliRun.Of(["export", "web", _tiny.Out, "-o", page, .. more]);

    private static void Exported(CliRun run) => Assert.True(run.Exit == 0, run.Error);

    private static byte[] Bytes(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    private static string[] Names(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>A folder like that of the npm package, with other bytes.</summary>
    private string Package(string version)
    {
        string folder = _tiny.Folder["package"];
        Directory.CreateDirectory(Path.Combine(folder, "dist"));
        File.WriteAllText(Path.Combine(folder, "package.json"), $$"""{"name": "{{WebRuntime.Package}}", "version": "{{version}}"}""");
        foreach (string name in (string[])["ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"])
            File.WriteAllText(Path.Combine(folder, "dist", name), name);
        return folder;
    }
}
