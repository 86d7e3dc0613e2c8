using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Running;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu;

/// <summary>
/// Runs integer graphs on kernels that are generated for each of them and compiled by ILGPU for CUDA, OpenCL or its simulator. The
/// results are those of <see cref="InterpreterEngine"/>, bit for bit. How generation works: README.md in this folder.
/// </summary>
/// <param name="runtime">Keeps devices open and programs at hand; null for the process's.</param>
public sealed class GpuEngine(GpuOptions? options = null, GpuRuntime? runtime = null) : IEngine
{
    private readonly GpuOptions _options = options ?? new GpuOptions();
    private readonly GpuRuntime _runtime = runtime ?? GpuRuntime.OfProcess;

    public string Name => _options.Kind.Name();

    /// <exception cref="Diagnostics.DiagnosticException">
    /// CML0701 operators that the engine lacks, CML0703 more memory than allowed, CML0708 no such device, CML0709 the driver failed,
    /// CML0710 a kernel that does not compile.
    /// </exception>
    public IExecutable Prepare(Graph graph)
    {
        InterpreterEngine.CheckOperators(graph);
        return new GpuExecutable(graph, _runtime.Program(graph, _options.Kind, _options.Device), _options);
    }
}
