using System.Numerics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sweeps;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Stages as code takes them: the form of each, and the addends and factors that the code reads.</summary>
/// <param name="Tables">[column, row, channels of a column].</param>
internal sealed record StageTables(IReadOnlyList<StageForm> Forms, Pinned<int> Tables)
{
    /// <param name="channels">Of a column.</param>
    /// <param name="channelOf">Which channel a column has in a lane.</param>
    public static StageTables Of(IReadOnlyList<Stage> stages, int columns, int channels, Func<int, int, int> channelOf)
    {
        List<StageForm> forms = [];
        List<Pinned<int>> rows = [];
        foreach (var stage in stages)
        {
            bool adds = stage.Add.Span.ContainsAnyExcept(0);
            if (adds) rows.Add(stage.Add);
            int shift = stage.Multiply is { } factors ? SharedShift(factors.Span) : 0;
            if (shift < 0) rows.Add(stage.Multiply!);
            forms.Add(new StageForm(Other: stage.Other?.Layout.Kind, Subtracts: stage.Subtracts, Adds: adds, Low: stage.Low,
                High: stage.High, Multiplies: shift < 0, LeftShift: Math.Max(0, shift), FirstShift: stage.FirstShift,
                Rounding: stage.Rounding, LastShift: stage.LastShift, LastLow: stage.LastLow, LastHigh: stage.LastHigh));
        }
        return new StageTables(forms, Lay(rows, columns, channels, channelOf));
    }

    private static Pinned<int> Lay(List<Pinned<int>> rows, int columns, int channels, Func<int, int, int> channelOf)
    {
        var tables = new Pinned<int>(columns * rows.Count * channels);
        for (int i = 0; i < tables.Count; i++)
        {
            int column = i / channels / rows.Count, row = i / channels % rows.Count;
            tables.Span[i] = rows[row].Span[channelOf(column, i % channels)];
        }
        return tables;
    }

    /// <summary>Bits of the power of two that all real channels are multiplied with; -1 where there is none.</summary>
    private static int SharedShift(ReadOnlySpan<int> factors)
    {
        int first = factors[0];
        // What stands behind the last channel may be 0.
        foreach (int factor in factors)
        {
            if (factor != first && factor != 0) return -1;
        }
        bool hasZero = factors.Contains(0) && factors.TrimEnd(0).Contains(0);
        return first > 0 && BitOperations.IsPow2(first) && !hasZero ? BitOperations.Log2((uint)first) : -1;
    }
}
