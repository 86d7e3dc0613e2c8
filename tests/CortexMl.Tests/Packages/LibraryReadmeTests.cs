using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Preparing;
using CortexMl.Running;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Packages;

/// <summary>What the page of the packages shows stands here as it does there, and does what it says.</summary>
public sealed class LibraryReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_the_page_shows_is_code_that_runs()
    {
        string page = File.ReadAllText(Repository.Path("tools", "CortexMl.Templates", "PACKAGES.md"));
        string source = File.ReadAllText(Repository.Path("tests", "CortexMl.Tests", "Packages", "LibraryReadmeTests.cs"));
        string[] blocks = [.. page.Split("```csharp\n").Skip(1).Select(block => Words(block.Split("```")[0]))];
        Assert.Contains(Assert.Single(blocks), Words(source), StringComparison.Ordinal);
    }

    /// <summary>993 of the first thousand digits are right (golden/models/README.md), on every thread, with the same files.</summary>
    [Fact]
    public void Threads_compile_and_evaluate_side_by_side()
    {
        Assert.Equal(0, CliRun.Of("sample", "mnist-dapp", "-o", _folder["digits"], "--quiet").Exit);
        var found = new double?[2];
        Parallel.For(0, found.Length, i => found[i] = Accuracy(_folder["digits"], _folder[$"out-{i}"]));
        Assert.All(found, accuracy => Assert.Equal(0.993, accuracy!.Value, 3));
        foreach (string file in new[] { "symbol", "params" })
            Assert.Equal(File.ReadAllBytes(_folder[$"out-0/{file}"]), File.ReadAllBytes(_folder[$"out-1/{file}"]));
    }

    private static double? Accuracy(string digits, string output)
    {
        var scale = new Preprocessing { Scale = 1 / 255.0 };
        var calibration = new DataOptions($"{digits}/calibration.npy") { Preprocessing = scale };
        var network = ModelLoader.Load($"{digits}/mnist-dapp.onnx");
        var compiled = Compiler.Compile(network, new CompileOptions { Data = calibration, Preprocessing = scale });
        OutputFolder.Write(output, compiled.Files, [.. Compiler.OwnedFiles]);

        var test = new DataOptions($"{digits}/test-images.npy") { Labels = $"{digits}/test-labels.npy" };
        var (model, samples) = ModelData.Open([output], new ModelOptions(), test, integer: false, new DiagnosticBag())[0];
        var evaluation = Evaluator.Run([(EngineChoice.Of(model, new RunOptions()), samples)], NoProgress.Instance);
        return evaluation.Results[0].Top1;
    }

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
