using System.Numerics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sweeps;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Stages as code takes them: the form of each, and the addends and factors that the code reads.</summary>
/// <param name="Tables">[column, row, channels of a column].</param>
/// <param name="Lookups">Tables that entries are looked up in.</param>
internal sealed record StageTables(IReadOnlyList<StageForm> Forms, Pinned<int> Tables, Pinned<byte> Lookups)
{
    /// <param name="real">Channels of the result, without those that fill its last block.</param>
    /// <param name="channels">Of a column.</param>
    /// <param name="channelOf">Which channel a column has in a lane.</param>
    public static StageTables Of(
        IReadOnlyList<Stage> stages, int real, int columns, int channels, Func<int, int, int> channelOf)
    {
        List<StageForm> forms = [];
        List<Pinned<int>> rows = [];
        var lookups = new LookupTables();
        foreach (var stage in stages.Select(WithOneShift).Select((stage, i) => WithoutRounding(stage, isFirst: i == 0)))
        {
            bool adds = stage.Add.Span.ContainsAnyExcept(0);
            if (adds) rows.Add(stage.Add);
            int shift = stage.Multiply is { } factors ? SharedShift(factors.Span[..real]) : 0;
            if (shift < 0) rows.Add(stage.Multiply!);
            forms.Add(new StageForm(Other: stage.Other?.Layout.Kind, Subtracts: stage.Subtracts, Adds: adds, Low: stage.Low,
                High: stage.High, Multiplies: shift < 0, LeftShift: Math.Max(0, shift), FirstShift: stage.FirstShift,
                Rounding: stage.Rounding, LastShift: stage.LastShift, LastLow: stage.LastLow, LastHigh: stage.LastHigh)
            {
                Lookup = stage.ProvenLookup is { } lookup ? lookups.Add(lookup.Table.Span, lookup.Origin) : null,
            });
        }
        return new StageTables(forms, Lay(rows, columns, channels, channelOf), lookups.ToMemory());
    }

    /// <summary>((x >> a) + r) >> b is (x + (r · 2^a)) >> (a + b) where that sum cannot wrap.</summary>
    private static Stage WithOneShift(Stage stage)
    {
        long rounding = (long)stage.Rounding << stage.FirstShift;
        return stage.FirstShift > 0 && stage.Highest <= int.MaxValue - rounding
            ? stage with { FirstShift = 0, Rounding = (int)rounding, LastShift = stage.FirstShift + stage.LastShift } : stage;
    }

    /// <summary>
    /// What is added per channel takes the rounding in where nothing lies between the two; in the first stage that costs nothing even where
    /// nothing else is added.
    /// </summary>
    private static Stage WithoutRounding(Stage stage, bool isFirst)
    {
        bool isApart = stage is not { Clamps: false, Multiply: null, FirstShift: 0 } || stage.Rounding == 0;
        if (isApart || (!isFirst && !stage.Add.Span.ContainsAnyExcept(0))) return stage;
        var add = new Pinned<int>(stage.Add.Count);
        for (int i = 0; i < add.Count; i++) add.Span[i] = unchecked(stage.Add.Span[i] + stage.Rounding);
        return stage with { Add = add, Rounding = 0 };
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

    /// <summary>Bits of the power of two that all channels are multiplied with; -1 where there is none.</summary>
    private static int SharedShift(ReadOnlySpan<int> factors) =>
        factors[0] > 0 && BitOperations.IsPow2(factors[0]) && !factors.ContainsAnyExcept(factors[0])
            ? BitOperations.Log2((uint)factors[0]) : -1;
}
