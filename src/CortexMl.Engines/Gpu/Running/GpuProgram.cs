using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;
using CortexMl.Engines.Gpu.Products;
using CortexMl.Ir;
using ILGPU.Runtime;
using Words = ILGPU.Runtime.MemoryBuffer1D<int, ILGPU.Stride1D.Dense>;

namespace CortexMl.Engines.Gpu.Running;

/// <summary>
/// A plan on a device: compiled kernels and uploaded constants. Executables share it; calls to the device hold <see
/// cref="DeviceSession"/>'s lock.
/// </summary>
internal sealed class GpuProgram
{
    private readonly Dictionary<string, Kernel> _kernels = new(StringComparer.Ordinal);
    private readonly Dictionary<ConstantArray, Words> _constants = new(ReferenceEqualityComparer.Instance);

    private GpuProgram(GpuPlan plan, DeviceSession session) => (Plan, Session) = (plan, session);

    public GpuPlan Plan { get; }

    public DeviceSession Session { get; }

    /// <exception cref="DiagnosticException">See <see cref="GpuEngine.Prepare"/>.</exception>
    public static GpuProgram Make(Graph graph, DeviceSession session)
    {
        var program = new GpuProgram(GpuPlanner.Make(graph, HasGroups(session.Device)), session);
        lock (session)
        {
            foreach (var step in program.Plan.Steps) program.Compile(step);
            DeviceMemory.Guard(session, () =>
            {
                foreach (var constant in program.Plan.Steps.SelectMany(s => s.Arguments).Select(a => a.Constant).OfType<ConstantArray>()
                    .Distinct())
                    program._constants[constant] = DeviceMemory.Upload(session.Accelerator, constant.Elements);
                // The streams of the executables do not wait for the one that uploads.
                session.Accelerator.Synchronize();
            });
        }
        return program;
    }

    // The simulator runs groups, but its barriers are far too slow.
    private static bool HasGroups(GpuDevice device) => device.Kind != GpuKind.IlgpuCpu && device.GroupThreads >= TiledProduct.MostThreads;

    public Kernel KernelOf(LaunchStep step) => _kernels[step.Kernel.ToString()];

    public Words BufferOf(ConstantArray constant) => _constants[constant];

    private void Compile(LaunchStep step)
    {
        string text = step.Kernel.ToString();
        if (!_kernels.ContainsKey(text))
            _kernels[text] = KernelCompiler.Compile(Session, IlEmitter.Emit(step.Kernel), step.Kernel.Launch, step.Group.Head, text);
    }
}
