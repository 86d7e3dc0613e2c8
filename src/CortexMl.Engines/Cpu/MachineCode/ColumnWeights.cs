using System.Runtime.InteropServices;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What column weights are packed for.</summary>
/// <param name="Highest">The largest number of the data; 0 where no steps are merged.</param>
/// <param name="Merged">Steps that are taken together, at most.</param>
/// <param name="Lanes">Of 32 bits of a pixel, that a step multiplies.</param>
internal sealed record ColumnForm(PackedForm Packed, long Highest, int Merged, int Lanes = 1);

/// <summary>The weights of a product, for each column of channels those of its steps in the order in which these are taken.</summary>
internal sealed class ColumnWeights : IPacked
{
    private const int LaneBytes = sizeof(int);

    private ColumnWeights(Pinned<byte> weights, IReadOnlyList<Column> columns) => (Weights, Columns) = (weights, columns);

    /// <summary>A column of channels.</summary>
    /// <param name="Start">Byte offset of its weights.</param>
    /// <param name="Steps">In order; numbers of runs of 4 bytes in the data, or of 64 where matrices are multiplied.</param>
    /// <param name="Counts">How many of them are taken one, two, … at a time; those of most come first.</param>
    public sealed record Column(int Start, int[] Steps, int[] Counts);

    public Pinned<byte> Weights { get; }

    public IReadOnlyList<Column> Columns { get; }

    public long Bytes => Weights.Bytes;

    public static unsafe ColumnWeights Pack(ConstantData constant, ColumnForm form)
    {
        var packed = form.Packed.Lane == 2
            ? PackedWeights.Pack<short>(constant, form.Packed) : PackedWeights.Pack<sbyte>(constant, form.Packed);
        int channels = form.Packed.Grouping.Block, stepBytes = form.Lanes * channels * LaneBytes,
        columnBytes = form.Packed.Runs * form.Packed.Length / form.Packed.Lane * channels * LaneBytes;
        List<Column> columns = [];
        byte[] natural = new byte[columnBytes];
        for (int start = 0; start < packed.Count; start += columnBytes)
        {
            var weights = new Span<byte>(packed.Pointer + start, columnBytes);
            weights.CopyTo(natural);
            var groups = StepMerger.Merge(MemoryMarshal.Cast<byte, sbyte>(natural), form.Lanes * channels, form.Highest, form.Merged);
            int[] order = [.. groups.Reverse().SelectMany(group => group)];
            for (int i = 0; i < order.Length; i++)
                natural.AsSpan(order[i] * stepBytes, stepBytes).CopyTo(weights[(i * stepBytes)..]);
            columns.Add(new Column(start, order, [.. groups.Select(group => group.Count)]));
        }
        return new ColumnWeights(packed, columns);
    }
}
