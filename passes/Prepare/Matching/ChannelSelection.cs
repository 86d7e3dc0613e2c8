using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>Whole channels of a value [N, C, rest], in any order: [N, C', rest], its elements perhaps under another shape.</summary>
internal sealed class ChannelSelection
{
    private readonly Shape _data, _selected, _result;
    private readonly int[] _channels;

    private ChannelSelection(Shape data, Shape result, int[] channels)
    {
        (_data, _result, _channels) = (data, result, channels);
        _selected = data.With(1, channels.Length);
    }

    /// <summary>All channels in their order.</summary>
    private bool IsIdentity => _selected == _data && Step == 1 && _channels[0] == 0;

    /// <summary>The distance of neighbours where it is one and the same, not 0; else null.</summary>
    private int? Step
    {
        get
        {
            int step = _channels.Length > 1 ? _channels[1] - _channels[0] : 1;
            for (int c = 2; c < _channels.Length; c++)
                if (_channels[c] - _channels[c - 1] != step) return null;
            return step == 0 ? null : step;
        }
    }

    /// <param name="data">Shape of the value whose channels lie along axis 1.</param>
    /// <param name="result">Shape under which the elements arrive.</param>
    /// <param name="map">For each element of the result in row-major order, the position of the element of data that stands there.</param>
    /// <returns>Null where the map is no selection of whole channels.</returns>
    public static ChannelSelection? Of(Shape data, Shape result, double[] map)
    {
        int pixels = data.Skip(2).Aggregate(1, (product, dim) => product * dim), all = data[1];
        if (map.Length == 0 || map.Length % (data[0] * pixels) != 0) return null;
        var channels = new int[map.Length / (data[0] * pixels)];
        for (int c = 0; c < channels.Length; c++) channels[c] = (int)map[c * pixels] / pixels;
        for (int at = 0; at < map.Length; at++)
        {
            var (plane, pixel) = (at / pixels, at % pixels);
            int sample = plane / channels.Length, channel = channels[plane % channels.Length];
            if (map[at] != ((sample * all) + channel) * pixels + pixel) return null;
        }
        return new(data, result, channels);
    }

    /// <summary>Its gas, as <see cref="MoveGas"/> counts.</summary>
    public long Gas
    {
        get
        {
            long reshaped = _result == _selected ? 0 : MoveGas.OfResult(_result);
            if (IsIdentity) return reshaped;
            return reshaped + MoveGas.OfResult(_selected) + (Step is null ? MoveGas.OfConstant(_channels.Length) : 0);
        }
    }

    /// <summary>The selected channels of <paramref name="data"/>, inserted before <paramref name="anchor"/>.</summary>
    public Value Insert(Operation anchor, PassContext context, Value data)
    {
        var selected = IsIdentity ? data : Step is { } step ? Slice(anchor, context, data, step) : Take(anchor, context, data);
        return _result == _selected ? selected : context.Reshape(anchor, selected, _result);
    }

    private Value Slice(Operation anchor, PassContext context, Value data, int step)
    {
        int[] begin = new int[_data.Rank], end = [.. _data], strides = [.. Enumerable.Repeat(1, _data.Rank)];
        (begin[1], end[1], strides[1]) = (_channels[0], _channels[^1] + Math.Sign(step), step);
        return context.Insert(anchor, NnShape.Slice, [data], Attributes.Of(("begin", begin), ("end", end), ("strides", strides)));
    }

    private Value Take(Operation anchor, PassContext context, Value data)
    {
        var indices = context.Constant(
            anchor, Insertion.NameFor(anchor, "channels"), Shape.Of(_channels.Length), [.. _channels.Select(c => (double)c)]);
        return context.Insert(anchor, NnLookup.Take, [data, indices], Attributes.Of(("axis", 1)));
    }
}
