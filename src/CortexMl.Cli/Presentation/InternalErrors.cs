using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Cli.Presentation;

/// <summary>Leaves behind what replays the failure of a pass.</summary>
internal static class InternalErrors
{
    /// <summary>The constants' file beside a reproducer: its name with <c>.npz</c>.</summary>
    public static string TensorsOf(string path) => Path.ChangeExtension(path, ".npz");

    public static void Save(Session session, string path)
    {
        if (session.Reproducer is not var (text, constants)) return;
        try
        {
            AtomicFile.WriteText(path, text);
            if (constants.Count > 0) NpzWriter.Write(TensorsOf(path), constants);
            session.Terminal.Error.Write(
                $"  replay: {path} holds the graph before the pass; run cortexml opt {path} with the options in its first line\n");
        }
        catch (DiagnosticException error)
        {
            session.Show(error.Diagnostics);
        }
    }
}
