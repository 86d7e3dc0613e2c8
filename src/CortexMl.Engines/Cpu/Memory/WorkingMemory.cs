using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu.Steps;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>The memory of a plan's buffers, which share it by their life spans: plain ones with plain, packed ones with packed.</summary>
internal static class WorkingMemory
{
    /// <summary>What is left below the largest array.</summary>
    private const int Margin = 4096;

    /// <param name="before">Buffers that hold inputs before the first step.</param>
    /// <param name="behind">Buffers that are read behind the last step.</param>
    /// <returns>Bytes that were allocated.</returns>
    /// <exception cref="DiagnosticException">More than <paramref name="maxBytes"/>.</exception>
    public static long Place(IReadOnlyList<Step> steps, IReadOnlyList<Storage> before, IReadOnlyList<Storage> behind, long maxBytes)
    {
        var plain = Slots<PlainBuffer>(steps, before, behind);
        var packed = Slots<PackedBuffer>(steps, before, behind);
        long total = plain.Bytes.Sum() + packed.Bytes.Sum();
        if (total > maxBytes || plain.Bytes.Concat(packed.Bytes).Any(bytes => bytes > int.MaxValue - Margin))
            throw new DiagnosticException(EngineCodes.TooMuchMemory,
                $"the graph's values need {Counted.Of(total, "byte")} of working memory, more than the {maxBytes} allowed");
        int[][] arrays = [.. plain.Bytes.Select(bytes => new int[bytes / sizeof(int)])];
        foreach (var (buffer, slot) in plain.SlotOf) buffer.Place(arrays[slot]);
        Pinned<byte>[] memory = [.. packed.Bytes.Select(bytes => new Pinned<byte>((int)bytes))];
        foreach (var (buffer, slot) in packed.SlotOf) buffer.Place(memory[slot]);
        return total;
    }

    private static SlotAllocation<T> Slots<T>(IReadOnlyList<Step> steps, IReadOnlyList<Storage> before, IReadOnlyList<Storage> behind)
        where T : Storage =>
        SlotAllocator.Allocate(
            [.. steps.Select(step => new StepUses<T>(Wholes<T>(step.Reads), Wholes<T>(step.Writes)))],
            Wholes<T>(before), Wholes<T>(behind), buffer => buffer.Bytes);

    private static IReadOnlyList<T> Wholes<T>(IEnumerable<Storage> buffers) where T : Storage =>
        [.. buffers.Select(buffer => buffer.Whole).OfType<T>().Distinct()];
}
