using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Tables of a group as code looks entries up: 32 bits an entry, or 16 where the table would not fit the first cache otherwise. Four bytes
/// are read, of which the entry is the last ones, so that one shift to the right is all that widens it. In front of a table of shorts lie
/// two bytes more therefore.
/// </summary>
internal sealed class LookupTables
{
    private const int Read = sizeof(int), LineBytes = 64;

    /// <summary>
    /// Of a table of 32 bits. Smaller ones are slower in 16 bits, since what is read then can lie across two lines (measured on a Xeon with
    /// AVX-512 VNNI).
    /// </summary>
    private const int CachedBytes = 1 << 15;

    private readonly List<byte> _bytes = [];
    private readonly List<(int[] Entries, LookupForm Form)> _tables = [];

    /// <param name="origin">The entry of index 0, which may lie outside.</param>
    public LookupForm Add(ReadOnlySpan<int> entries, int origin)
    {
        var form = Add(entries);
        return form with { Offset = form.Offset + (origin * (int)form.Entry) };
    }

    public Pinned<byte> ToMemory() => new([.. _bytes]);

    /// <summary>A table that is there already is not kept twice.</summary>
    private LookupForm Add(ReadOnlySpan<int> entries)
    {
        foreach (var (own, known) in _tables)
            if (entries.SequenceEqual(own)) return known;
        bool isShort = entries.Length > CachedBytes / Read && !entries.ContainsAnyExceptInRange(short.MinValue, short.MaxValue);
        var form = new LookupForm(_bytes.Count, isShort ? ElementKind.Short : ElementKind.Int);
        int bytes = (int)form.Entry;
        _bytes.AddRange(new byte[Read - bytes]);
        foreach (int entry in entries) _bytes.AddRange(BitConverter.GetBytes(entry).AsSpan(0, bytes));
        _bytes.AddRange(new byte[-_bytes.Count & (LineBytes - 1)]);
        _tables.Add((entries.ToArray(), form));
        return form;
    }
}
