using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Results that go to a file, or to standard output where the name is <c>-</c>.</summary>
internal static class TextOutput
{
    public const string Standard = "-";

    /// <summary>The folder for several files, which no stream can take.</summary>
    /// <exception cref="DiagnosticException">CML0940: it is <c>-</c>.</exception>
    public static string Folder(string path) => path != Standard ? path
        : throw new DiagnosticException(CliCodes.Usage, "several files cannot go to standard output",
            hint: "name a folder; ./- is one of that name");

    public static void Write(Session session, string path, string text)
    {
        if (path == Standard) session.Terminal.Write(text);
        else AtomicFile.WriteText(path, text);
    }

    public static void Write(Session session, string path, Action<Stream> write)
    {
        if (path == Standard) write(session.Terminal.Output);
        else AtomicFile.Write(path, write);
    }
}
