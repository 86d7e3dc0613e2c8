using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace CortexMl.Serve.Jobs;

/// <summary>Something that pages hear of.</summary>
/// <param name="Kind"><c>job</c> for a state, <c>line</c> for a line of the command, <c>gone</c> for a job that was removed.</param>
/// <param name="Json">On one line.</param>
internal sealed record JobEvent(string Kind, string Json);

/// <summary>Tells every open page what happens. A page that does not listen loses the oldest, and asks again when it is opened.</summary>
internal sealed class JobEvents
{
    private const int Kept = 1000;

    private readonly HashSet<Channel<JobEvent>> _listeners = [];

    public void Tell(JobEvent what)
    {
        lock (_listeners)
            foreach (var listener in _listeners) listener.Writer.TryWrite(what);
    }

    /// <summary>From now on; disposing it ends that.</summary>
    public Listener Listen()
    {
        var channel = Channel.CreateBounded<JobEvent>(new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (_listeners) _listeners.Add(channel);
        return new(this, channel);
    }

    /// <summary>One page.</summary>
    internal sealed class Listener(JobEvents events, Channel<JobEvent> channel) : IDisposable
    {
        /// <param name="pulse">After so long without an event there is a null, which shows whether anybody is there.</param>
        public async IAsyncEnumerable<JobEvent?> ReadAsync(TimeSpan pulse, [EnumeratorCancellation] CancellationToken stop)
        {
            while (true)
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
                patience.CancelAfter(pulse);
                JobEvent? next = null;
                try
                {
                    next = await channel.Reader.ReadAsync(patience.Token);
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    // Nothing came.
                }
                yield return next;
            }
        }

        public void Dispose()
        {
            lock (events._listeners) events._listeners.Remove(channel);
        }
    }
}
