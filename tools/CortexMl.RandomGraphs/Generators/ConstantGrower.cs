using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.RandomGraphs;

/// <summary>Random constants of every origin: listed, too large to list, from a seed, from a file.</summary>
internal sealed class ConstantGrower(Choices choices, Level level)
{
    private static readonly float[] Floats =
        [0, -0f, 1, -1.5f, 0.1f, 1e-45f, float.MaxValue, float.NaN, float.PositiveInfinity, float.NegativeInfinity, 16777217, 3.4e-10f];

    private int _files;

    public ConstantData Of(TensorType type)
    {
        long seed = choices.Next(1000) - 500L;
        Tensor random = level == Level.Float
            ? RandomTensor.Floats(type.Shape, seed)
            : RandomTensor.Integers(type.Shape, type.Precision, seed);
        return choices.Next(4) switch
        {
            0 => new ConstantData(random, new ConstantOrigin.Random(seed)),
            1 => new ConstantData(random, new ConstantOrigin.File(choices.Of("x.npz", "dir/odd \"name\".params"), $"key {_files++}")),
            2 => new ConstantData(random),
            _ => new ConstantData(Special(type)),
        };
    }

    private Tensor Special(TensorType type)
    {
        int count = (int)type.Shape.Count;
        if (type.Element.IsFloat)
            return Tensor.Create(type.Shape, Enumerable.Range(0, count).Select(i => Floats[i % Floats.Length]).ToArray());
        int bound = (int)type.Element.Bound;
        return Tensor.Create(type.Shape, Enumerable.Range(0, count).Select(i => (i % 3 - 1) * bound).ToArray());
    }
}
