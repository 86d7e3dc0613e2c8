using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Running;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Engines.Gpu;

/// <summary>
/// Owns the open devices and the programs of the graphs that were prepared last: a graph prepared again, known by its digest and device,
/// compiles nothing. What was prepared on it runs until it is disposed.
/// </summary>
public sealed class GpuRuntime : IDisposable
{
    private const int MostKept = 4;

    private readonly Lock _lock = new();
    private readonly DeviceSessions _sessions = new();
    private readonly LinkedList<(string Digest, GpuProgram Program)> _recent = [];

    /// <summary>The one of engines that are given none; it lives as long as the process.</summary>
    public static GpuRuntime OfProcess { get; } = new();

    /// <summary>The session on which the next graph is prepared.</summary>
    /// <exception cref="DiagnosticException">CML0708 no such device, CML0709 the driver failed.</exception>
    public DeviceSession Session(GpuKind kind, int index) => _sessions.Get(kind, index);

    /// <exception cref="DiagnosticException">See <see cref="GpuEngine.Prepare"/>.</exception>
    internal GpuProgram Program(Graph graph, GpuKind kind, int device)
    {
        string digest = GraphDigest.OfContent(graph);
        lock (_lock)
        {
            // Within the lock: a session that was asked for before it may be discarded by the time it is used.
            var session = Session(kind, device);
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Digest != digest || node.Value.Program.Session != session) continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Program;
            }
            var program = Make(graph, session);
            _recent.AddFirst((digest, program));
            // Executables may still run on what is dropped; the accelerator frees it with the last of them.
            if (_recent.Count > MostKept) _recent.RemoveLast();
            return program;
        }
    }

    /// <summary>
    /// A kernel refused on a session that others use may have been refused for their sake: one that failed before poisons ILGPU's context.
    /// What a session of its own refuses too is refused.
    /// </summary>
    private GpuProgram Make(Graph graph, DeviceSession session)
    {
        try
        {
            return GpuProgram.Make(graph, session);
        }
        catch (DiagnosticException error) when (error.Diagnostics[0].Code == EngineCodes.KernelFailed)
        {
            var own = DeviceSession.Open(session.Device.Kind, session.Device.Index);
            try
            {
                var program = GpuProgram.Make(graph, own);
                _sessions.Share(own);
                return program;
            }
            catch (DiagnosticException)
            {
                own.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        _recent.Clear();
        _sessions.Dispose();
    }
}
