using CortexMl.Analysis;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sweeps;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>
/// Cuts a chain into stages: a link joins the stage at hand where its place in the normal form, or a later one, is still free.
/// </summary>
internal sealed class StageBuilder(int blocks, Func<Value, PackedBuffer> packed, Intervals ranges)
{
    private enum Place
    {
        Combine,
        Add,
        Clamp,
        Multiply,
        Shift,
        LastClamp,
        Lookup,
        End,
    }

    private readonly List<Stage> _stages = [];
    private Place _next = Place.Combine;
    private Stage? _stage;

    /// <summary>What the stage's first clamp is of.</summary>
    private Value? _clamped;

    public static IReadOnlyList<Stage> Build(IReadOnlyList<ChainLink> links, int blocks, Func<Value, PackedBuffer> packed, Intervals ranges)
    {
        var builder = new StageBuilder(blocks, packed, ranges);
        foreach (var link in LookupLinks.Folded(links)) builder.Append(link);
        if (builder._stage is { } last) builder._stages.Add(last);
        return [.. builder._stages.Select(stage => stage.Simplified())];
    }

    private void Append(ChainLink link)
    {
        switch (link)
        {
            case ChainLink.Combine combine:
                var other = packed(combine.Other);
                // Additions may change their places.
                if (_next > Place.Clamp || _stage?.Other is not null) At(Place.Combine);
                _stage = (_stage ?? Stage.Neutral(blocks)) with { Other = other, Subtracts = combine.Subtracts };
                AddAll(_ => combine.Subtracts ? other.Layout.Offset : -other.Layout.Offset);
                _next = Place.Clamp;
                break;
            case ChainLink.Add add:
                if (_next > Place.Clamp) At(Place.Add);
                _stage ??= Stage.Neutral(blocks);
                AddAll(channel => add.Addends[channel], add.Addends.Length);
                _next = Place.Clamp;
                break;
            case ChainLink.Multiply multiply:
                At(Place.Multiply);
                _stage = _stage! with
                {
                    Multiply = PerChannel(multiply.Factors),
                    IsMonotone = _stage.Clamps && IsMonotone(_clamped!, multiply.Factors),
                };
                break;
            case ChainLink.RoundingShift shift:
                At(Place.Shift);
                _stage = _stage! with { FirstShift = shift.Bits - 1, Rounding = 1, LastShift = 1, Highest = Highest(shift.Of) };
                break;
            case ChainLink.Clamp clamp when _stage is not null && _next == Place.Lookup:
                // Two clamps are one: to the first one's limits, clamped by the second.
                _stage = _stage with
                {
                    LastLow = Math.Clamp(_stage.LastLow, clamp.Low, clamp.High),
                    LastHigh = Math.Clamp(_stage.LastHigh, clamp.Low, clamp.High),
                };
                break;
            case ChainLink.Clamp clamp when _stage is not null && _next > Place.Clamp:
                At(Place.LastClamp);
                _stage = _stage with { LastLow = clamp.Low, LastHigh = clamp.High };
                break;
            case ChainLink.Clamp clamp:
                At(Place.Clamp);
                _stage = _stage! with { Low = clamp.Low, High = clamp.High };
                _clamped = clamp.Of;
                break;
            case ChainLink.TableEntry lookup:
                At(Place.Lookup);
                _stage = _stage! with { Lookup = new StageLookup(new Pinned<int>(lookup.Table), lookup.Origin) };
                break;
            default:
                throw new InvalidOperationException($"{link} has no place in a stage");
        }
    }

    private void At(Place place)
    {
        if (_stage is null || _next > place)
        {
            if (_stage is not null) _stages.Add(_stage);
            _stage = Stage.Neutral(blocks);
        }
        _next = place + 1;
    }

    private void AddAll(Func<int, int> addend, int? channels = null)
    {
        var sums = _stage!.Add.Span;
        for (int c = 0; c < (channels ?? sums.Length); c++) sums[c] = unchecked(sums[c] + addend(c));
    }

    private long Highest(Value shifted)
    {
        var range = ranges[shifted].All;
        // What a clamp takes away comes back where that one is moved behind the shift.
        if (_stage!.IsMonotone) range = range.Hull(ranges[_clamped!].All * Interval.Of(_stage.Multiply!.Span.ToArray().Max()));
        else if (_stage is { Clamps: true, Multiply: null }) range = range.Hull(ranges[_clamped!].All);
        return range.FitsInt32 ? range.Hi : long.MaxValue;
    }

    // One less than the largest number: rounding adds one.
    private bool IsMonotone(Value value, int[] factors) =>
        factors.Min() >= 0 && (ranges[value].All * Interval.Of(factors.Max())).IsWithin(int.MinValue, int.MaxValue - 1);

    private Pinned<int> PerChannel(int[] numbers)
    {
        var all = new Pinned<int>(blocks * PackedLayout.Block);
        numbers.CopyTo(all.Span);
        return all;
    }
}
