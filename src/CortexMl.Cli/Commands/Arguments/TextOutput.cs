using CortexMl.Files;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Results that go to a file, or to standard output where the name is <c>-</c>.</summary>
internal static class TextOutput
{
    public const string Standard = "-";

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
