using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>Elements begin up to but not including end along one axis, all of the others.</summary>
internal readonly record struct AxisCut(int Axis, long Begin, long End)
{
    /// <summary>What a slice by steps of 1 takes, where it leaves out something along one axis only; else null.</summary>
    public static AxisCut? Of(Operation slice)
    {
        var data = slice.Operands[0].Type.Shape;
        if (slice.Ints("strides").Any(s => s != 1)) return null;
        int[] cut = [.. Enumerable.Range(0, data.Rank).Where(a => slice.Result.Type.Shape[a] != data[a])];
        return cut is [var axis] ? new(axis, slice.Ints("begin")[axis], slice.Ints("end")[axis]) : null;
    }

    public bool IsAll(Shape shape) => Begin == 0 && End == shape[Axis];

    public AxisCut Shifted(long by) => this with { Begin = Begin + by, End = End + by };
}

/// <summary>
/// Follows a slice back through moves to the concatenations that joined what it takes. What is found is a way to make it, so that nothing
/// is inserted where the way ends.
/// </summary>
internal sealed class PartTrace(Operation anchor, PassContext context)
{
    /// <summary>Moves and concatenations behind each other that are looked through.</summary>
    private const int Furthest = 32;

    /// <summary>Whether a part, or a border, was found that the slice does not need.</summary>
    public bool LeavesOut { get; private set; }

    /// <summary>How to make the slice of a value; null where a value would be cut that no concatenation made.</summary>
    public Func<Value>? Of(Value value, AxisCut stretch, int depth)
    {
        if (stretch.IsAll(value.Type.Shape)) return () => value;
        if (value.IsConstant) return () => Sliced(value, stretch);
        if (depth == Furthest || value.Producer is not { } op) return null;
        return op.Spec == NnShape.Concat ? OfJoined(op, stretch, depth)
            : op.Spec == NnShape.Pad ? OfPadded(op, stretch, depth)
            : op.Spec == NnShape.Slice ? OfSliced(op, stretch, depth)
            : Below(op, stretch) is { } inner ? Moved(op, inner, stretch, depth) : null;
    }

    private Func<Value>? OfJoined(Operation concat, AxisCut stretch, int depth)
    {
        int axis = concat.Result.Type.Shape.Axis(concat.Int("axis"));
        if (axis != stretch.Axis) return Joined(concat, [.. concat.Operands.Select(o => Of(o, stretch, depth + 1))]);
        var (parts, begin) = (new List<(Value Part, AxisCut Taken)>(), 0L);
        foreach (var operand in concat.Operands)
        {
            long end = begin + operand.Type.Shape[axis];
            if (stretch.Begin < end && stretch.End > begin)
                parts.Add((operand, new(axis, Math.Max(stretch.Begin, begin) - begin, Math.Min(stretch.End, end) - begin)));
            begin = end;
        }
        bool cuts = parts.Exists(p => !p.Taken.IsAll(p.Part.Type.Shape));
        if (parts.Count == concat.Operands.Count || (cuts && parts.Count > 1)) return null;
        LeavesOut = true;
        return cuts ? Of(parts[0].Part, parts[0].Taken, depth + 1) ?? (() => Sliced(parts[0].Part, parts[0].Taken))
            : parts is [var only] ? () => only.Part : Joined(concat, [.. parts.Select(p => (Func<Value>)(() => p.Part))]);
    }

    private Func<Value>? Joined(Operation concat, Func<Value>?[] parts) => Array.Exists(parts, p => p is null) ? null
        : () => context.Insert(anchor, NnShape.Concat, [.. parts.Select(p => p!())], concat.Attributes);

    private Func<Value>? OfPadded(Operation pad, AxisCut stretch, int depth)
    {
        var (before, after) = (pad.Ints("before"), pad.Ints("after"));
        var data = pad.Operands[0];
        if (before[stretch.Axis] == 0 && after[stretch.Axis] == 0)
            return Of(data, stretch, depth + 1) is { } make ? () => context.Insert(anchor, NnShape.Pad, [make()], pad.Attributes) : null;
        bool isInside = stretch.Begin >= before[stretch.Axis] && stretch.End - before[stretch.Axis] <= data.Type.Shape[stretch.Axis];
        bool isAlone = before.Index().Concat(after.Index()).All(p => p.Item == 0 || p.Index == stretch.Axis);
        if (!isInside || !isAlone) return null;
        LeavesOut = true;
        var inner = stretch.Shifted(-before[stretch.Axis]);
        return Of(data, inner, depth + 1) ?? (() => Sliced(data, inner));
    }

    private Func<Value>? OfSliced(Operation slice, AxisCut stretch, int depth)
    {
        if (slice.Ints("strides")[stretch.Axis] != 1) return null;
        var inner = stretch.Shifted(slice.Ints("begin")[stretch.Axis]);
        // Of the other axes the slice takes what it took; along its own all of what is left.
        var data = slice.Operands[0];
        if (Of(data, inner, depth + 1) is not { } make) return null;
        return () =>
        {
            var taken = make();
            long[] begins = [.. slice.Ints("begin")], ends = [.. slice.Ints("end")];
            (begins[stretch.Axis], ends[stretch.Axis]) = (0, taken.Type.Shape[stretch.Axis]);
            return context.Insert(anchor, NnShape.Slice, [taken],
                Attributes.Of(("begin", begins), ("end", ends), ("strides", slice.Ints("strides").ToArray())));
        };
    }

    private Func<Value>? Moved(Operation move, AxisCut inner, AxisCut outer, int depth)
    {
        if (Of(move.Operands[0], inner, depth + 1) is not { } make) return null;
        var shape = move.Result.Type.Shape.With(outer.Axis, (int)(outer.End - outer.Begin));
        var attributes = move.Spec == NnShape.Reshape ? Attributes.Of(("shape", shape)) : move.Attributes;
        return () => context.Insert(anchor, move.Spec, [make(), .. move.Operands.Skip(1)], attributes);
    }

    /// <summary>Where the stretch of a move's result lies in its data; null for a move that mixes the axis with others.</summary>
    private static AxisCut? Below(Operation move, AxisCut stretch)
    {
        if (move.Spec == NnShape.Transpose)
            return stretch with { Axis = move.Result.Type.Shape.Axis(move.Ints("axes")[stretch.Axis]) };
        if (move.Spec == NnShape.Tile) return move.Ints("repeats")[stretch.Axis] == 1 ? stretch : null;
        if (move.Spec == NnShape.Repeat) return move.Result.Type.Shape.Axis(move.Int("axis")) == stretch.Axis ? null : stretch;
        if (move.Spec == NnShape.Reshape) return Same(move.Operands[0].Type.Shape, move.Result.Type.Shape, stretch);
        return move.Spec == NnLookup.Take ? Beside(move, stretch) : null;
    }

    /// <summary>The axis of a reshape's data with as many elements, and as many behind it.</summary>
    private static AxisCut? Same(Shape data, Shape result, AxisCut stretch)
    {
        long behind = Shape.Of(result.Skip(stretch.Axis + 1)).Count;
        for (int axis = 0; axis < data.Rank; axis++)
            if (data[axis] == result[stretch.Axis] && Shape.Of(data.Skip(axis + 1)).Count == behind) return stretch with { Axis = axis };
        return null;
    }

    /// <summary>An axis of the data that the indices do not choose along.</summary>
    private static AxisCut? Beside(Operation take, AxisCut stretch)
    {
        int indices = take["indices"].Type.Shape.Rank, chosen = take["data"].Type.Shape.Axis(take.Int("axis"));
        return stretch.Axis < chosen ? stretch
            : stretch.Axis >= chosen + indices ? stretch with { Axis = stretch.Axis - indices + 1 } : null;
    }

    private Value Sliced(Value value, AxisCut stretch)
    {
        var shape = value.Type.Shape;
        long[] begin = new long[shape.Rank], end = [.. shape.Select(d => (long)d)], strides = new long[shape.Rank];
        Array.Fill(strides, 1);
        (begin[stretch.Axis], end[stretch.Axis]) = (stretch.Begin, stretch.End);
        return context.Insert(anchor, NnShape.Slice, [value], Attributes.Of(("begin", begin), ("end", end), ("strides", strides)));
    }
}
