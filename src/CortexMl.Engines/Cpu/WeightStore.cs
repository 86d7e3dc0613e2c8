using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu;

/// <summary>
/// Owns the packed weights that executables of the CPU engine read: each constant is packed once a form, however many of them read it,
/// and goes when the last of these is disposed.
/// </summary>
public sealed class WeightStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ConstantData Constant, PackedForm Form), SharedWeights> _entries = [];

    /// <summary>The one of engines that are given none.</summary>
    public static WeightStore OfProcess { get; } = new();

    /// <summary>Of all weights that somebody holds.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _entries.Values.Where(e => e.Packed.IsValueCreated).Sum(e => (long)e.Packed.Value.Count);
        }
    }

    internal Pinned<byte> Take(ConstantData constant, PackedForm form, Func<Pinned<byte>> pack)
    {
        SharedWeights? entry;
        lock (_lock)
        {
            if (!_entries.TryGetValue((constant, form), out entry)) _entries[(constant, form)] = entry = new SharedWeights(new(pack));
            entry.Holders++;
        }
        try
        {
            // Outside of the lock: those who want other weights need not wait.
            return entry.Packed.Value;
        }
        catch
        {
            Release(constant, form);
            throw;
        }
    }

    internal void Release(ConstantData constant, PackedForm form)
    {
        lock (_lock)
        {
            if (--_entries[(constant, form)].Holders == 0) _entries.Remove((constant, form));
        }
    }

    private sealed class SharedWeights(Lazy<Pinned<byte>> packed)
    {
        public Lazy<Pinned<byte>> Packed => packed;

        public int Holders { get; set; }
    }
}

/// <summary>What one executable reads of a store, until it is disposed; or found to be garbage, where nobody does that.</summary>
internal sealed class HeldWeights(WeightStore store) : IDisposable
{
    private readonly List<(ConstantData Constant, PackedForm Form)> _held = [];

    ~HeldWeights() => Release();

    /// <param name="pack">Called where nobody holds these.</param>
    public Pinned<byte> Get(ConstantData constant, PackedForm form, Func<Pinned<byte>> pack)
    {
        var packed = store.Take(constant, form, pack);
        _held.Add((constant, form));
        return packed;
    }

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        foreach (var (constant, form) in _held) store.Release(constant, form);
        _held.Clear();
    }
}
