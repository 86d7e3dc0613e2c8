using CortexMl.Conformance;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Interpreter;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>The reference's vectors; tools/CortexMl.Conformance runs all of them on any device.</summary>
public sealed class GpuVectorTests
{
    /// <summary>PoCL takes half a second to compile a kernel.</summary>
    private const int OpenClTakesEach = 29;

    [SkippableFact]
    public void Vectors_of_the_reference_agree_on_the_simulator() => Check(GpuKind.IlgpuCpu, each: 1);

    [SkippableFact]
    public void Vectors_of_the_reference_agree_on_OpenCL() => Check(GpuKind.OpenCl, OpenClTakesEach);

    [SkippableFact]
    public void Vectors_of_the_reference_agree_on_CUDA() => Check(GpuKind.Cuda, each: 1);

    private static void Check(GpuKind kind, int each)
    {
        Skip.If(GpuDevices.Of(kind).Devices.Count == 0, GpuDevices.Of(kind).Why);
        var runner = new CaseRunner(InterpreterProfile.Definition, new GpuEngine(new GpuOptions { Kind = kind }).Prepare);
        // Those that run: one operator, or a graph.
        var folders = Directory.GetDirectories(SharedData.Folder("cvm", "vectors"))
            .Where(folder =>
                Path.GetFileName(folder).StartsWith("op_", StringComparison.Ordinal)
                || Path.GetFileName(folder).StartsWith("graph_", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Where((_, i) => i % each == 0).ToList();
        var failures =
            folders.Select(folder => (Name: Path.GetFileName(folder), Lines: runner.Run(folder))).Where(c => c.Lines.Count > 0).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(f => $"{f.Name}: {string.Join("; ", f.Lines)}")));
        Assert.NotEmpty(folders);
    }
}
