using CortexMl.Conformance;
using CortexMl.Engines;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Interpreter;
using CortexMl.Tests.Engines.Gpu.Ptx;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>The reference's vectors, and our own in golden/cvm; tools/CortexMl.Conformance runs all of them on any device.</summary>
public sealed class GpuVectorTests
{
    /// <summary>PoCL takes half a second to compile a kernel.</summary>
    private const int OpenClTakesEach = 29;

    [SkippableFact]
    public void Vectors_of_the_reference_agree_on_the_simulator() => Check(GpuKind.IlgpuCpu, OfReference);

    [SkippableFact]
    public void Vectors_of_the_reference_agree_on_OpenCL() =>
        Check(GpuKind.OpenCl, () => OfReference().Where((_, i) => i % OpenClTakesEach == 0));

    [SkippableFact]
    public void Vectors_of_the_reference_agree_on_CUDA() => Check(GpuKind.Cuda, OfReference);

    [SkippableFact]
    public void Vectors_of_golden_agree_on_the_simulator() => Check(GpuKind.IlgpuCpu, Golden);

    /// <summary>A third of the graphs: centred data and 15 bits of data, of weights and of both among them.</summary>
    [SkippableFact]
    public void Graphs_of_golden_agree_on_OpenCL() => Check(GpuKind.OpenCl, () => Golden().Where(IsGraph).Where((_, i) => i % 3 == 0));

    [SkippableFact]
    public void Vectors_of_golden_agree_on_CUDA() => Check(GpuKind.Cuda, Golden);

    private static IEnumerable<string> OfReference() => Running(SharedData.Folder("cvm", "vectors"));

    [Fact]
    public void Vectors_of_golden_agree_as_PTX() => Check(new PtxEngine(new PtxLauncher(PtxCompiler.For())), Golden());

    private static IEnumerable<string> Golden() => Running(Repository.Path("golden", "cvm"));

    /// <summary>Those that run: one operator, or a graph.</summary>
    private static IEnumerable<string> Running(string vectors) =>
        Directory.GetDirectories(vectors).Where(folder => IsGraph(folder) || IsOf("op_", folder)).Order(StringComparer.Ordinal);

    private static bool IsGraph(string folder) => IsOf("graph_", folder);

    private static bool IsOf(string prefix, string folder) => Path.GetFileName(folder).StartsWith(prefix, StringComparison.Ordinal);

    private static void Check(GpuKind kind, Func<IEnumerable<string>> vectors)
    {
        Skip.If(GpuDevices.Of(kind).Devices.Count == 0, GpuDevices.Of(kind).Why);
        Check(new GpuEngine(new GpuOptions { Kind = kind }), vectors());
    }

    private static void Check(IEngine engine, IEnumerable<string> vectors)
    {
        var runner = new CaseRunner(InterpreterProfile.Definition, engine.Prepare);
        string[] folders = [.. vectors];
        var failures =
            folders.Select(folder => (Name: Path.GetFileName(folder), Lines: runner.Run(folder))).Where(c => c.Lines.Count > 0).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(f => $"{f.Name}: {string.Join("; ", f.Lines)}")));
        Assert.NotEmpty(folders);
    }
}
