using CortexMl.Conformance;
using CortexMl.Cvm;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Interpreter;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

public sealed class ModelTests
{
    private const string OnChain = "3145ad19228c1cd2d051314e72f26c1ce77b7f02";

    public static TheoryData<CpuInstructions, int> Paths
    {
        get
        {
            var data = new TheoryData<CpuInstructions, int>();
            foreach (var path in CpuAgreement.Paths) data.Add(path.Instructions, path.Threads);
            return data;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Paths))]
    public void Every_vector_of_the_reference_agrees(CpuInstructions instructions, int threads) =>
        Agree(instructions, threads, SharedData.Folder("cvm", "vectors"));

    /// <summary>Our own, 15-bit layers and centred data among them.</summary>
    [Theory]
    [MemberData(nameof(Paths))]
    public void Every_vector_of_golden_agrees(CpuInstructions instructions, int threads) =>
        Agree(instructions, threads, Repository.Path("golden", "cvm"));

    [SkippableTheory]
    [MemberData(nameof(Paths))]
    public void Large_networks_give_the_digests_of_the_reference(CpuInstructions instructions, int threads)
    {
        string[] names = instructions == CpuInstructions.Portable ? ["mobilenet_v1", "conv1x1_256_28"]
            : ["mobilenet_v1", "resnet18", "conv1x1_256_28", "conv3x3_512_7", "conv3x3_64_56", "dwconv3x3_256_56"];
        foreach (string name in names) Assert.Empty(Runner(instructions, threads).Run(SharedData.Folder("cvm", "bench", name)));
    }

    [SkippableFact]
    public void Model_of_the_chain_agrees() =>
        CpuAgreement.Check(CvmReader.ReadFolder(SharedData.Folder("cortex", OnChain)).ModelOrThrow().Graph, seed: 1);

    private static void Agree(CpuInstructions instructions, int threads, string vectors)
    {
        var runner = Runner(instructions, threads);
        var failures = Directory.GetDirectories(vectors).Order(StringComparer.Ordinal)
            .Select(folder => (Name: Path.GetFileName(folder), Lines: runner.Run(folder))).Where(c => c.Lines.Count > 0).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(f => $"{f.Name}: {string.Join("; ", f.Lines)}")));
    }

    private static CaseRunner Runner(CpuInstructions instructions, int threads) =>
        new(InterpreterProfile.Definition, new CpuEngine(new CpuOptions { Instructions = instructions, Threads = threads }).Prepare);
}
