using System.Collections.Concurrent;
using CortexMl.Diagnostics;

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>One open session for each device in use, shared by all that ask here.</summary>
internal sealed class DeviceSessions : IDisposable
{
    private readonly ConcurrentDictionary<(GpuKind, int), Lazy<DeviceSession>> _shared = new();
    private readonly ConcurrentQueue<DeviceSession> _opened = new();

    /// <summary>
    /// The device's session. A kernel that failed to compile poisons its context: after <see cref="DeviceSession.Discard"/> the next call
    /// opens a new one, and what was prepared on the old one still runs there.
    /// </summary>
    /// <exception cref="DiagnosticException">CML0708 no such device, CML0709 the driver failed.</exception>
    public DeviceSession Get(GpuKind kind, int index)
    {
        var entry = _shared.GetOrAdd((kind, index), _ => new(() => Own(DeviceSession.Open(kind, index))));
        try
        {
            return entry.Value;
        }
        catch (DiagnosticException)
        {
            _shared.TryRemove(KeyValuePair.Create((kind, index), entry));
            throw;
        }
    }

    /// <summary>Makes a session the one that everything here shares from now on.</summary>
    public void Share(DeviceSession session) => _shared[(session.Device.Kind, session.Device.Index)] = new(Own(session));

    /// <summary>Leaves a session to those that use it already.</summary>
    public void Discard(DeviceSession session)
    {
        foreach (var entry in _shared.Where(e => e.Value.IsValueCreated && e.Value.Value == session)) _shared.TryRemove(entry);
    }

    /// <summary>Closes every session that was opened here, those that were discarded since included.</summary>
    public void Dispose()
    {
        while (_opened.TryDequeue(out var session)) session.Dispose();
    }

    private DeviceSession Own(DeviceSession session)
    {
        session.Owner = this;
        _opened.Enqueue(session);
        return session;
    }
}
