using System.Runtime.InteropServices;

namespace CortexMl.Cli;

/// <summary>Standard output cannot be written: a full disk, a stream that was closed.</summary>
public sealed class OutputLostException(Exception cause) : Exception($"standard output cannot be written: {cause.Message}", cause);

/// <summary>
/// The process's own output streams, which may be full, closed or not there at all. What cannot be written to standard output ends the
/// command; messages that cannot be written are left out, the work goes on, and the exit code tells.
/// </summary>
internal static partial class StandardStreams
{
    public static Stream Output() => new Guarded(Opened(1, Console.OpenStandardOutput), error => throw new OutputLostException(error));

    /// <param name="lost">Called when a message could not be written.</param>
    public static Stream Error(Action lost) => new Guarded(Opened(2, Console.OpenStandardError), _ => lost());

    public static Stream Input()
    {
        try
        {
            return Console.OpenStandardInput();
        }
        catch (Exception error) when (IsLost(error))
        {
            return Stream.Null;
        }
    }

    private static bool IsLost(Exception error) =>
        error is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException;

    private static Lazy<Stream> Opened(int descriptor, Func<Stream> open) =>
        new(() => IsForeign(descriptor) ? throw new IOException("it is closed") : open());

    /// <summary>
    /// Whether the runtime took a number that was free for something of its own, since the command was started without this stream: what
    /// is inherited stays open for children, what the runtime opens does not.
    /// </summary>
    private static bool IsForeign(int descriptor)
    {
        const int GetFlags = 1, ClosesForChildren = 1;
        return !OperatingSystem.IsWindows() && Control(descriptor, GetFlags) is var flags
            && (flags < 0 || (flags & ClosesForChildren) != 0);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int descriptor, int command);

    /// <summary>A stream that is opened when it is first written to.</summary>
    private sealed class Guarded(Lazy<Stream> stream, Action<Exception> lost) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            try
            {
                stream.Value.Write(buffer);
            }
            catch (Exception error) when (IsLost(error))
            {
                lost(error);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
            try
            {
                if (stream.IsValueCreated) stream.Value.Flush();
            }
            catch (Exception error) when (IsLost(error))
            {
                lost(error);
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
