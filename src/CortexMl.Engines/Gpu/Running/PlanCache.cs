using CortexMl.Engines.Gpu.Devices;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Running;

/// <summary>Keeps the programs of the graphs that were prepared last, by the graph's digest and device: a graph prepared again compiles nothing.</summary>
internal static class PlanCache
{
    private const int MostKept = 4;

    private static readonly Lock s_lock = new();
    private static readonly LinkedList<(string Digest, GpuProgram Program)> s_recent = [];

    public static GpuProgram Get(Graph graph, GpuKind kind, int device)
    {
        var session = DeviceSession.Shared(kind, device);
        string digest = GraphDigest.Of(graph);
        lock (s_lock)
        {
            for (var node = s_recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Digest != digest || node.Value.Program.Session != session) continue;
                s_recent.Remove(node);
                s_recent.AddFirst(node);
                return node.Value.Program;
            }
            var program = GpuProgram.Make(graph, session);
            s_recent.AddFirst((digest, program));
            // Executables may still run on what is dropped; the accelerator frees it with the last of them.
            if (s_recent.Count > MostKept) s_recent.RemoveLast();
            return program;
        }
    }
}
