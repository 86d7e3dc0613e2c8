using CortexMl.Engines.Interpreter.Kernels;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>Lays the elements of an operand that broadcasts out as those of the result lie.</summary>
internal sealed class StripSpread
{
    /// <summary>Of the result, neighbours with even steps taken together; the steps are the operand's: 0 where it stands still.</summary>
    private readonly int[] _dims, _steps;

    private StripSpread(List<int> dims, List<int> steps) => (_dims, _steps) = ([.. dims], [.. steps]);

    /// <summary>Elements after which the operand begins again.</summary>
    public int Period => _steps[0] == 0 ? _dims.Skip(1).Aggregate(1, (product, dim) => product * dim) : int.MaxValue;

    /// <param name="own">Of the operand, aligned to the right of <paramref name="result"/>; it has elements.</param>
    public static StripSpread Of(Shape own, Shape result)
    {
        long[] strides = BinaryKernels.BroadcastStrides(own, result.Rank);
        return Of(result.Dims, axis => (int)strides[axis]);
    }

    /// <summary>Of an operand with one element for each of the equal parts of the result.</summary>
    public static StripSpread OfParts(int parts, int length) => Of([parts, length], axis => 1 - axis);

    private static StripSpread Of(ReadOnlySpan<int> result, Func<int, int> step)
    {
        List<int> dims = [], steps = [];
        for (int axis = 0; axis < result.Length; axis++)
        {
            if (result[axis] == 1) continue;
            bool joins = dims.Count > 0 && steps[^1] == result[axis] * step(axis);
            if (joins) dims[^1] *= result[axis];
            else dims.Add(result[axis]);
            if (joins) steps[^1] = step(axis);
            else steps.Add(step(axis));
        }
        return dims.Count > 0 ? new(dims, steps) : new([1], [0]);
    }

    /// <summary>Fills <paramref name="strip"/> with what the result's elements from <paramref name="start"/> on meet.</summary>
    /// <param name="operand">All of it.</param>
    public void Fill(ReadOnlySpan<int> operand, int start, Span<int> strip)
    {
        Span<int> at = stackalloc int[_dims.Length];
        int from = 0, last = _dims.Length - 1;
        for (int axis = last, rest = start; axis >= 0; axis--)
        {
            (rest, at[axis]) = Math.DivRem(rest, _dims[axis]);
            from += at[axis] * _steps[axis];
        }
        while (true)
        {
            int count = Math.Min(_dims[last] - at[last], strip.Length);
            if (_steps[last] == 0) strip[..count].Fill(operand[from]);
            else operand.Slice(from, count).CopyTo(strip);
            strip = strip[count..];
            if (strip.IsEmpty) return;
            from += (_dims[last] - at[last]) * _steps[last];
            at[last] = _dims[last];
            for (int axis = last; at[axis] == _dims[axis]; axis--)
            {
                at[axis] = 0;
                from += _steps[axis - 1] - (_dims[axis] * _steps[axis]);
                at[axis - 1]++;
            }
        }
    }
}
