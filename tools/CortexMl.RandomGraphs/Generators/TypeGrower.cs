using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.RandomGraphs;

/// <summary>Random elements, scales and thresholds.</summary>
internal sealed class TypeGrower(Choices choices, Level level)
{
    private static readonly double[] Numbers = [127, 23.71, 1, 0.1, 1e-300, 3.0000000000000004, 5e17];

    public TensorType Element(Shape shape) =>
        level == Level.Float ? TensorType.Float(shape) : TensorType.Integer(choices.Of(8, 5, 12, 16, 1, 2, 32), shape);

    /// <summary>The type with a threshold or scale, as its element may have.</summary>
    public TensorType Known(TensorType type, bool mustScale)
    {
        if (type.Element.IsFloat) return choices.OneIn(3) ? type with { Threshold = choices.Of([0, .. Numbers]) } : type;
        return mustScale || choices.OneIn(2) ? type with { Scale = Scale(type.Shape) } : type;
    }

    private Scale Scale(Shape shape)
    {
        int axis = shape.Rank == 0 ? -1 : choices.Next(shape.Rank);
        if (axis < 0 || shape[axis] == 0 || !choices.OneIn(3)) return Ir.Scale.PerTensor(choices.Of(Numbers));
        double first = choices.Of(Numbers);
        return Ir.Scale.PerChannel(axis, choices.Of("t", "conv0", "odd name"), Enumerable.Range(1, shape[axis]).Select(i => first * i));
    }
}
