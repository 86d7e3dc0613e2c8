namespace CortexMl.Cli;

/// <summary>Standard output cannot be written: a full disk, a stream that was closed.</summary>
public sealed class OutputLostException(Exception cause) : Exception($"standard output cannot be written: {cause.Message}", cause);

/// <summary>
/// The process's own output streams, which may be full, closed or not there at all. What cannot be written to standard output ends the command; messages that
/// cannot be written are left out, the work goes on, and the exit code tells.
/// </summary>
internal static class StandardStreams
{
    public static Stream Output() => new Guarded(Opened(Console.OpenStandardOutput), error => throw new OutputLostException(error));

    /// <param name="lost">Called when a message could not be written.</param>
    public static Stream Error(Action lost) => new Guarded(Opened(Console.OpenStandardError), _ => lost());

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

    private static bool IsLost(Exception error) => error is IOException or UnauthorizedAccessException or ObjectDisposedException or NotSupportedException;

    private static Lazy<Stream> Opened(Func<Stream> open) => new(open);

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
