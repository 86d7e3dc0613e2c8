namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>
/// Who has read and written every byte of a memory since threads last met: at a launch for all of them, at a barrier for those of a block.
/// </summary>
internal sealed class PtxShadow(int bytes, string since)
{
    private const int EpochShift = 40;
    private const long Several = (1L << EpochShift) - 1;

    private readonly long[] _writers = new long[bytes], _readers = new long[bytes];
    private long _epoch;

    /// <summary>The threads meet: what one did, the others may see.</summary>
    public void Meet() => _epoch += 1L << EpochShift;

    /// <summary>A new block begins: nothing is written yet.</summary>
    public void Clear()
    {
        Array.Clear(_writers);
        Array.Clear(_readers);
        _epoch = 1L << EpochShift;
    }

    public bool IsWritten(int at, int width) => !_writers.AsSpan(at, width).Contains(0);

    /// <summary>What is wrong with a thread's reading; null for nothing.</summary>
    public string? Read(int at, int width, long thread)
    {
        long tag = _epoch | (thread + 1);
        for (int i = at; i < at + width; i++)
        {
            if (IsOther(_writers[i], tag)) return $"reads a byte that {Name(_writers[i])} wrote since {since}";
            if (_readers[i] != tag) _readers[i] = IsNow(_readers[i]) ? _epoch | Several : tag;
        }
        return null;
    }

    /// <summary>What is wrong with a thread's writing; null for nothing.</summary>
    public string? Write(int at, int width, long thread)
    {
        long tag = _epoch | (thread + 1);
        for (int i = at; i < at + width; i++)
        {
            if (IsOther(_writers[i], tag)) return $"writes a byte that {Name(_writers[i])} wrote since {since}";
            if (IsOther(_readers[i], tag)) return $"writes a byte that {Name(_readers[i])} read since {since}";
            _writers[i] = tag;
        }
        return null;
    }

    private bool IsNow(long tag) => tag >> EpochShift == _epoch >> EpochShift && (tag & Several) != 0;

    private bool IsOther(long tag, long own) => tag != own && IsNow(tag);

    private static string Name(long tag) => (tag & Several) == Several ? "another thread" : $"thread {(tag & Several) - 1}";
}
