using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Chooses steps whose products of bytes are added up in 16 bits before they are widened: in each of a channel's two halves of 16 bits, the
/// positive weights together, and the negative ones, must not leave 16 bits for the largest data. Weights are known, so that this is
/// proven, not hoped for; steps of zeros alone are left out.
/// </summary>
internal sealed class StepMerger
{
    /// <summary>Groups that wait for further steps; where another one would be too many, one of them goes as it is.</summary>
    private const int Slots = 32;

    private readonly int _most, _width;
    private readonly Vector256<short> _limit;

    /// <summary>[slot, vector], what weights of either sign come to, as magnitudes.</summary>
    private readonly Vector256<short>[] _positive, _negative;

    /// <summary>[slot, step].</summary>
    private readonly int[] _steps;
    private readonly int[] _counts = new int[Slots];
    private readonly List<int>[] _groups;
    private int _oldest;

    /// <param name="channels">Of the column, whole vectors of 8.</param>
    /// <param name="highest">The largest number of the data.</param>
    /// <param name="most">Steps that are taken together, at most.</param>
    private StepMerger(int channels, long highest, int most)
    {
        (_most, _width, _steps) = (most, channels / 8, new int[Slots * most]);
        (_positive, _negative) = (new Vector256<short>[Slots * _width], new Vector256<short>[Slots * _width]);
        _limit = Vector256.Create((short)(short.MaxValue / Math.Max(1, highest)));
        _groups = [.. Enumerable.Range(0, most).Select(_ => new List<int>())];
    }

    /// <param name="weights">[step, channel, 4 bytes]; bytes where steps are merged.</param>
    /// <param name="most">Steps that are taken together, at most; 1 for any kind of data.</param>
    /// <returns>By size minus one, the steps of the groups of that size, one group after the other.</returns>
    public static IReadOnlyList<IReadOnlyList<int>> Merge(ReadOnlySpan<sbyte> weights, int channels, long highest, int most)
    {
        var steps = WithWeights(weights, channels * 4);
        if (most == 1) return [steps];
        var merger = new StepMerger(channels, highest, most);
        foreach (int step in steps)
            merger.Add(step, MemoryMarshal.Cast<sbyte, short>(weights.Slice(step * channels * 4, channels * 4)));
        for (int slot = 0; slot < Slots; slot++) merger.Close(slot);
        return merger._groups;
    }

    /// <summary>Steps that are not of zeros alone, in order.</summary>
    /// <param name="length">Of a step's weights.</param>
    private static List<int> WithWeights(ReadOnlySpan<sbyte> weights, int length)
    {
        List<int> steps = [];
        for (int step = 0; step * length < weights.Length; step++)
            if (weights.Slice(step * length, length).ContainsAnyExcept((sbyte)0)) steps.Add(step);
        return steps;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Add(int step, ReadOnlySpan<short> halves)
    {
        Span<Vector256<short>> positive = stackalloc Vector256<short>[_width], negative = stackalloc Vector256<short>[_width];
        Sums(halves, positive, negative);
        int slot = Find(positive, negative);
        for (int i = 0; i < _width; i++)
        {
            _positive[(slot * _width) + i] += positive[i];
            _negative[(slot * _width) + i] += negative[i];
        }
        _steps[(slot * _most) + _counts[slot]++] = step;
        if (_counts[slot] == _most) Close(slot);
    }

    /// <summary>A slot in which the step has room: one that has steps, else an empty one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Find(ReadOnlySpan<Vector256<short>> positive, ReadOnlySpan<Vector256<short>> negative)
    {
        int empty = -1;
        for (int slot = 0; slot < Slots; slot++)
        {
            if (_counts[slot] == 0)
            {
                empty = slot;
                continue;
            }
            bool fits = true;
            for (int i = 0; i < _width && fits; i++)
            {
                var most = Vector256.Max(_positive[(slot * _width) + i] + positive[i], _negative[(slot * _width) + i] + negative[i]);
                fits = !Vector256.GreaterThanAny(most, _limit);
            }
            if (fits) return slot;
        }
        if (empty >= 0) return empty;
        _oldest = (_oldest + 1) % Slots;
        Close(_oldest);
        return _oldest;
    }

    /// <summary>What the two weights of either sign come to in each half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums(ReadOnlySpan<short> halves, Span<Vector256<short>> positive, Span<Vector256<short>> negative)
    {
        for (int i = 0; i < positive.Length; i++)
        {
            var both = Vector256.Create(halves.Slice(i * Vector256<short>.Count, Vector256<short>.Count));
            Vector256<short> left = Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(both, 8), 8),
                right = Vector256.ShiftRightArithmetic(both, 8), zero = Vector256<short>.Zero;
            positive[i] = Vector256.Max(left, zero) + Vector256.Max(right, zero);
            negative[i] = -(Vector256.Min(left, zero) + Vector256.Min(right, zero));
        }
    }

    private void Close(int slot)
    {
        int count = _counts[slot];
        if (count == 0) return;
        _groups[count - 1].AddRange(_steps.AsSpan(slot * _most, count));
        _counts[slot] = 0;
        _positive.AsSpan(slot * _width, _width).Clear();
        _negative.AsSpan(slot * _width, _width).Clear();
    }
}
