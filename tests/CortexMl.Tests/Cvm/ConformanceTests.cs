using System.Globalization;
using CortexMl.Conformance;
using CortexMl.Cvm;
using CortexMl.Cvm.Run;
using CortexMl.Engines.Interpreter;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cvm;

/// <summary>Against what the reference runtime did.</summary>
public sealed class ConformanceTests
{
    private const string ChainModel = "3145ad19228c1cd2d051314e72f26c1ce77b7f02";

    [SkippableTheory]
    [InlineData(InterpreterProfile.Definition)]
    [InlineData(InterpreterProfile.ReferenceCpu)]
    public void Every_vector_agrees(InterpreterProfile profile)
    {
        var runner = new CaseRunner(profile);
        var failures = Directory.GetDirectories(SharedData.Folder("cvm", "vectors")).Order(StringComparer.Ordinal)
            .Select(folder => (Name: Path.GetFileName(folder), Lines: runner.Run(folder))).Where(c => c.Lines.Count > 0).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(f => $"{f.Name}: {string.Join("; ", f.Lines)}")));
    }

    [SkippableTheory]
    [InlineData("conv1x1_256_28")]
    public void Benchmark_networks_agree(string name) =>
        Assert.Empty(new CaseRunner(InterpreterProfile.Definition).Run(SharedData.Folder("cvm", "bench", name)));

    [SkippableTheory]
    [InlineData("mobilenet_v1")]
    [InlineData("resnet18")]
    public void Large_networks_load_with_the_gas_of_the_reference(string name)
    {
        string folder = SharedData.Folder("cvm", "bench", name);
        var expected = Expectation.Read(Path.Combine(folder, "expect.json"), formal: true);
        var model = CvmReader.ReadFolder(folder).ModelOrThrow();
        Assert.Equal((expected.Gas!.Value, expected.StorageSize!.Value), (model.Gas(), model.StorageSize));
    }

    [SkippableFact]
    public void A_model_of_the_chain_gives_the_recorded_result()
    {
        string folder = SharedData.Folder("cortex", ChainModel);
        var model = CvmReader.ReadFolder(folder).ModelOrThrow();
        int[] numbers = Numbers(Path.Combine(folder, "cpu.txt"));
        byte[] input = [.. numbers.Skip(1 + numbers[0]).Select(n => unchecked((byte)n))];
        using var executable = new InterpreterEngine().Prepare(model.Graph);
        byte[] output = OutputConversion.ToBytes(model, executable.Run([InputConversion.FromBytes(model, input)]));
        // The recorded result starts with its length.
        Assert.Equal(Numbers(Path.Combine(folder, "result_0.txt")).Skip(1), output.Select(b => (int)(sbyte)b));
    }

    private static int[] Numbers(string file) =>
        [.. File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
}
