using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>
/// One element of a tensor, by its coordinates or by its row-major number; the other form is computed where it is asked for, once.
/// </summary>
internal sealed class ElementIndex
{
    private readonly KernelBuilder _kernel;
    private readonly (Expr Value, object Block)?[] _coordinates;
    private (Expr Value, object Block)? _flat;

    private ElementIndex(KernelBuilder kernel, Shape shape)
    {
        (_kernel, Shape) = (kernel, shape);
        _coordinates = new (Expr, object)?[shape.Rank];
    }

    /// <summary>The shape of the tensor that it points into.</summary>
    public Shape Shape { get; }

    /// <param name="flat">Row-major number, 0 .. shape.Count - 1.</param>
    public static ElementIndex At(KernelBuilder kernel, Shape shape, Expr flat) =>
        new(kernel, shape) { _flat = (kernel.Once("i", flat), kernel.Block) };

    /// <param name="coordinates">One for every axis, each within the shape.</param>
    public static ElementIndex At(KernelBuilder kernel, Shape shape, IReadOnlyList<Expr> coordinates)
    {
        if (coordinates.Count != shape.Rank) throw new ArgumentException($"{Counted.Of(coordinates.Count, "coordinate")} for {shape}");
        var index = new ElementIndex(kernel, shape);
        for (int axis = 0; axis < shape.Rank; axis++) index._coordinates[axis] = (coordinates[axis], kernel.Block);
        return index;
    }

    /// <summary>Row-major number.</summary>
    public Expr Flat
    {
        get
        {
            if (_flat is { } known && _kernel.IsVisible(known.Block)) return known.Value;
            Expr sum = 0;
            int[] strides = Shape.Strides();
            for (int axis = 0; axis < Shape.Rank; axis++)
                if (Shape[axis] > 1) sum += this[axis] * strides[axis];
            sum = _kernel.Once("i", sum);
            _flat = (sum, _kernel.Block);
            return sum;
        }
    }

    /// <summary>The coordinate along an axis.</summary>
    public Expr this[int axis]
    {
        get
        {
            if (Shape[axis] == 1) return 0;
            if (_coordinates[axis] is { } known && _kernel.IsVisible(known.Block)) return known.Value;
            long above = 1;
            for (int i = 0; i < axis; i++) above *= Shape[i];
            Expr value = Flat / Shape.Strides()[axis];
            value = _kernel.Once($"d{axis}", above == 1 ? value : value % Shape[axis]);
            _coordinates[axis] = (value, _kernel.Block);
            return value;
        }
    }

    /// <summary>The element at the same row-major number of a tensor of as many elements.</summary>
    public ElementIndex Reshaped(Shape shape)
    {
        if (shape == Shape) return this;
        if (_flat is not null || !LongAxes(shape).Select(axis => shape[axis]).SequenceEqual(LongAxes(Shape).Select(axis => Shape[axis])))
            return At(_kernel, shape, Flat);
        // Axes of length 1 come or go: the other coordinates stay.
        var coordinates = new Expr[shape.Rank];
        Array.Fill(coordinates, 0);
        foreach (var (to, from) in LongAxes(shape).Zip(LongAxes(Shape))) coordinates[to] = this[from];
        return At(_kernel, shape, coordinates);
    }

    private static IEnumerable<int> LongAxes(Shape shape) => Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] != 1);
}
