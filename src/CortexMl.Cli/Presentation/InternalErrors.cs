using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Cli.Presentation;

/// <summary>Leaves behind what replays the failure of a pass.</summary>
internal static class InternalErrors
{
    public static void Save(Session session, string path)
    {
        if (session.Reproducer is not { } text) return;
        try
        {
            AtomicFile.WriteText(path, text);
            session.Terminal.Error.Write($"  replay: {path} holds the graph before the pass; run the 'opt' line at its top with: cortexml test {path}\n");
        }
        catch (DiagnosticException error)
        {
            session.Show(error.Diagnostics);
        }
    }
}
