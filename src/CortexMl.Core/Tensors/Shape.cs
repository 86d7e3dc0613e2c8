using System.Collections;
using System.Collections.Immutable;
using System.Globalization;

namespace CortexMl.Tensors;

/// <summary>Dimensions of a dense row-major tensor. Rank 0 is a scalar with one element.</summary>
public sealed class Shape : IReadOnlyList<int>, IEquatable<Shape>
{
    private readonly ImmutableArray<int> _dims;

    private Shape(ImmutableArray<int> dims)
    {
        foreach (int dim in dims) ArgumentOutOfRangeException.ThrowIfNegative(dim);
        _dims = dims;
    }

    public static Shape Scalar { get; } = new([]);

    public static Shape Of(params ReadOnlySpan<int> dims) => new([.. dims]);

    public static Shape Of(IEnumerable<int> dims) => new([.. dims]);

    public int Rank => _dims.Length;

    int IReadOnlyCollection<int>.Count => _dims.Length;

    public int this[int axis] => _dims[axis];

    /// <summary>Number of elements; 64-bit so that hostile dimensions cannot wrap silently.</summary>
    /// <exception cref="OverflowException">The product does not fit 64 bits.</exception>
    public long Count => checked(_dims.Aggregate(1L, (product, dim) => product * dim));

    public ReadOnlySpan<int> Dims => _dims.AsSpan();

    /// <summary>The axis counted from the front: -1 is the last one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such axis.</exception>
    public int Axis(long axis) => Axis(axis, Rank) ?? throw new ArgumentOutOfRangeException(nameof(axis), axis, "no axis of the shape");

    /// <summary>An axis of a tensor of this rank counted from the front; null where it has no such axis.</summary>
    public static int? Axis(long axis, int rank) => axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : null;

    public Shape With(int axis, int dim) => new(_dims.SetItem(axis, dim));

    public Shape Remove(int axis) => new(_dims.RemoveAt(axis));

    public Shape Insert(int axis, int dim) => new(_dims.Insert(axis, dim));

    /// <summary>Row-major strides in elements.</summary>
    public int[] Strides()
    {
        var strides = new int[Rank];
        int stride = 1;
        for (int axis = Rank - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= _dims[axis];
        }
        return strides;
    }

    /// <summary>NumPy broadcasting of two shapes, or null where they do not fit.</summary>
    public static Shape? Broadcast(Shape a, Shape b)
    {
        var dims = new int[Math.Max(a.Rank, b.Rank)];
        for (int i = 1; i <= dims.Length; i++)
        {
            int da = i <= a.Rank ? a[^i] : 1, db = i <= b.Rank ? b[^i] : 1;
            if (da != db && da != 1 && db != 1) return null;
            dims[^i] = da == 1 ? db : da;
        }
        return Of(dims);
    }

    public int this[Index index] => _dims[index.GetOffset(Rank)];

    public bool Equals(Shape? other) => other is not null && _dims.AsSpan().SequenceEqual(other._dims.AsSpan());

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode() => _dims.Aggregate(17, HashCode.Combine);

    public static bool operator ==(Shape? a, Shape? b) => a is null ? b is null : a.Equals(b);

    public static bool operator !=(Shape? a, Shape? b) => !(a == b);

    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)_dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary><c>[1, 16, 26, 26]</c>, the spelling of the text form.</summary>
    public override string ToString() => $"[{string.Join(", ", _dims.Select(d => d.ToString(CultureInfo.InvariantCulture)))}]";
}
