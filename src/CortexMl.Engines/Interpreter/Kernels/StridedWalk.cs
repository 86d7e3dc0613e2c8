namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>
/// Visits the elements of a strided view in row-major order of its dimensions: <see cref="Offset"/> is where the present element lies.
/// A stride may be 0 (the same element again) or negative.
/// </summary>
internal sealed class StridedWalk
{
    private readonly int[] _dims;
    private readonly long[] _strides;
    private readonly int[] _index;

    public StridedWalk(ReadOnlySpan<int> dims, ReadOnlySpan<long> strides, long start = 0)
    {
        _dims = dims.ToArray();
        _strides = strides.ToArray();
        _index = new int[dims.Length];
        Offset = start;
    }

    public long Offset { get; private set; }

    /// <summary>Goes to the next element; from the last one back to the first.</summary>
    public void Next()
    {
        for (int axis = _dims.Length - 1; axis >= 0; axis--)
        {
            Offset += _strides[axis];
            if (++_index[axis] < _dims[axis]) return;
            Offset -= _strides[axis] * _dims[axis];
            _index[axis] = 0;
        }
    }

    /// <summary>Copies the view into <paramref name="target"/>, row by row of its last dimension.</summary>
    public static void Copy<T>(ReadOnlySpan<T> source, long start, ReadOnlySpan<int> dims, ReadOnlySpan<long> strides, Span<T> target)
    {
        int length = dims[^1];
        long stride = strides[^1];
        var rows = new StridedWalk(dims[..^1], strides[..^1], start);
        for (int at = 0; at < target.Length; at += length, rows.Next())
        {
            if (stride == 1) source.Slice((int)rows.Offset, length).CopyTo(target[at..]);
            else for (int i = 0; i < length; i++) target[at + i] = source[(int)(rows.Offset + (i * stride))];
        }
    }
}
