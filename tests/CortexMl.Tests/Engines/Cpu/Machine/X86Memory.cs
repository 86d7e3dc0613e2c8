namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>What no generated code may do, or what the machine does not know.</summary>
internal sealed class X86Fault(string message) : Exception(message);

/// <summary>Memory that code may use.</summary>
internal sealed unsafe record X86Range(string Name, nuint Start, long Bytes, bool IsWritten = false)
{
    public X86Range(string name, void* start, long bytes, bool isWritten = false) : this(name, (nuint)start, bytes, isWritten)
    {
    }

    /// <summary>How far an address is from the range.</summary>
    public decimal Distance(nuint address) => Math.Max(0, Math.Max((decimal)Start - address, (decimal)address - Start - Bytes));

    public bool Holds(nuint address, int bytes) => address >= Start && address - Start + (nuint)bytes <= (nuint)Bytes;
}

/// <summary>
/// The memory of this process. Every access lies in a range that the code was given; where none is known, only the first pages are refused.
/// </summary>
/// <param name="ranges">Null where any memory may be used.</param>
internal sealed unsafe class X86Memory(IReadOnlyList<X86Range>? ranges)
{
    private const nuint FirstPages = 1 << 16;

    public void Read(nuint address, Span<byte> to)
    {
        Check("reads", address, to.Length, isWritten: false);
        new ReadOnlySpan<byte>((void*)address, to.Length).CopyTo(to);
    }

    public void Write(nuint address, ReadOnlySpan<byte> from)
    {
        Check("writes", address, from.Length, isWritten: true);
        from.CopyTo(new Span<byte>((void*)address, from.Length));
    }

    private void Check(string does, nuint address, int bytes, bool isWritten)
    {
        if (ranges is null)
        {
            if (address >= FirstPages) return;
            throw new X86Fault($"{does} {bytes} bytes at address {address}");
        }
        foreach (var range in ranges)
        {
            if (!range.Holds(address, bytes)) continue;
            if (isWritten && !range.IsWritten) throw new X86Fault($"writes {bytes} bytes of {range.Name}, which is only read");
            return;
        }
        throw new X86Fault($"{does} {bytes} bytes {Nearest(address)}");
    }

    private string Nearest(nuint address)
    {
        var nearest = ranges!.MinBy(range => range.Distance(address));
        return nearest is null ? "of no memory" : $"at byte {(long)(address - nearest.Start)} of {nearest.Name}, which has {nearest.Bytes}";
    }
}
