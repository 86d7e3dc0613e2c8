using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu;

/// <summary>
/// Owns the packed weights that executables of the CPU engine read: each constant is packed once a form, however many of them read it,
/// and goes when the last of these is disposed.
/// </summary>
public sealed class WeightStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(ConstantData Constant, object Form), SharedWeights> _entries = [];

    /// <summary>The one of engines that are given none.</summary>
    public static WeightStore OfProcess { get; } = new();

    /// <summary>Of all weights that somebody holds.</summary>
    public long Bytes
    {
        get
        {
            lock (_lock) return _entries.Values.Where(e => e.Packed.IsValueCreated).Sum(e => e.Packed.Value.Bytes);
        }
    }

    /// <param name="form">Equal where packed weights are.</param>
    internal IPacked Take(ConstantData constant, object form, Func<IPacked> pack)
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

    internal void Release(ConstantData constant, object form)
    {
        lock (_lock)
        {
            if (--_entries[(constant, form)].Holders == 0) _entries.Remove((constant, form));
        }
    }

    private sealed class SharedWeights(Lazy<IPacked> packed)
    {
        public Lazy<IPacked> Packed => packed;

        public int Holders { get; set; }
    }
}

/// <summary>What one executable reads of a store, until it is disposed; or found to be garbage, where nobody does that.</summary>
internal sealed class HeldWeights(WeightStore store) : IDisposable
{
    private readonly List<(ConstantData Constant, object Form)> _held = [];
    private readonly List<Action> _kept = [];

    ~HeldWeights() => Release();

    /// <param name="pack">Called where nobody holds these.</param>
    /// <param name="form">What they are packed for, of a type that no others of another kind have.</param>
    public T Get<T>(ConstantData constant, object form, Func<T> pack) where T : class, IPacked
    {
        var packed = store.Take(constant, form, pack);
        _held.Add((constant, form));
        return (T)packed;
    }

    /// <summary>Something else that the executable uses; let go of with the weights.</summary>
    public void Keep(Action release) => _kept.Add(release);

    public void Dispose()
    {
        Release();
        GC.SuppressFinalize(this);
    }

    private void Release()
    {
        foreach (var (constant, form) in _held) store.Release(constant, form);
        foreach (var release in _kept) release();
        _held.Clear();
        _kept.Clear();
    }
}
