using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Tables of a group as code looks entries up: in as few bytes as hold them. Four bytes are read, of which the entry is the last ones, so that
/// one shift to the right is all that widens it. In front of a table of bytes lie three more therefore, of shorts two.
/// </summary>
internal sealed class LookupTables
{
    private const int Read = sizeof(int), LineBytes = 64;

    private readonly List<byte> _bytes = [];
    private readonly List<(int[] Entries, LookupForm Form)> _tables = [];

    /// <param name="origin">The entry of index 0, which may lie outside.</param>
    public LookupForm Add(ReadOnlySpan<int> entries, int origin)
    {
        var form = Add(entries);
        return form with { Offset = form.Offset + (origin * (int)form.Entry) };
    }

    /// <summary>A table that is there already is not kept twice.</summary>
    private LookupForm Add(ReadOnlySpan<int> entries)
    {
        foreach (var (own, known) in _tables)
            if (entries.SequenceEqual(own)) return known;
        var form = new LookupForm(_bytes.Count, KindOf(entries));
        int bytes = (int)form.Entry;
        _bytes.AddRange(new byte[Read - bytes]);
        foreach (int entry in entries) _bytes.AddRange(BitConverter.GetBytes(entry).AsSpan(0, bytes));
        _bytes.AddRange(new byte[-_bytes.Count & (LineBytes - 1)]);
        _tables.Add((entries.ToArray(), form));
        return form;
    }

    public Pinned<byte> ToMemory() => new([.. _bytes]);

    private static ElementKind KindOf(ReadOnlySpan<int> entries)
    {
        var kind = ElementKind.Byte;
        foreach (int entry in entries)
        {
            if (entry != (short)entry) return ElementKind.Int;
            if (entry != (sbyte)entry) kind = ElementKind.Short;
        }
        return kind;
    }
}
