using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Running;

/// <summary>Keeps the programs of the graphs that were prepared last, by the graph's digest and device: a graph prepared again compiles nothing.</summary>
internal static class ProgramCache
{
    private const int MostKept = 4;

    private static readonly Lock s_lock = new();
    private static readonly LinkedList<(string Digest, GpuProgram Program)> s_recent = [];

    /// <exception cref="DiagnosticException">See <see cref="GpuEngine.Prepare"/>.</exception>
    public static GpuProgram Get(Graph graph, GpuKind kind, int device)
    {
        string digest = GraphDigest.Of(graph);
        lock (s_lock)
        {
            // Within the lock: a session that was asked for before it may be discarded by the time it is used.
            var session = DeviceSession.Shared(kind, device);
            for (var node = s_recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Digest != digest || node.Value.Program.Session != session) continue;
                s_recent.Remove(node);
                s_recent.AddFirst(node);
                return node.Value.Program;
            }
            var program = Make(graph, session, kind, device);
            s_recent.AddFirst((digest, program));
            // Executables may still run on what is dropped; the accelerator frees it with the last of them.
            if (s_recent.Count > MostKept) s_recent.RemoveLast();
            return program;
        }
    }

    /// <summary>
    /// A kernel refused on a session that others use may have been refused for their sake: one that failed before poisons ILGPU's context. What a session of
    /// its own refuses too is refused.
    /// </summary>
    private static GpuProgram Make(Graph graph, DeviceSession session, GpuKind kind, int device)
    {
        try
        {
            return GpuProgram.Make(graph, session);
        }
        catch (DiagnosticException error) when (error.Diagnostics[0].Code == EngineCodes.KernelFailed)
        {
            var own = DeviceSession.Open(kind, device);
            try
            {
                var program = GpuProgram.Make(graph, own);
                own.Share();
                return program;
            }
            catch (DiagnosticException)
            {
                own.Dispose();
                throw;
            }
        }
    }
}
