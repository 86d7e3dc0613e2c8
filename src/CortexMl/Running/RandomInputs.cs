using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Inputs from a seed: numbers over the whole range of an input's precision, its limits and zero among them.</summary>
public static class RandomInputs
{
    private const int Limits = 8;

    public static IReadOnlyList<Tensor<int>> Of(Graph graph, int seed)
    {
        var random = new Random(seed);
        return [.. graph.Inputs.Select(input => Of(input.Type, random))];
    }

    private static Tensor<int> Of(TensorType type, Random random)
    {
        long bound = type.Element.Bound;
        var tensor = Tensor.Zeros<int>(type.Shape);
        for (int i = 0; i < tensor.Length; i++)
        {
            tensor.Data[i] = (int)(random.Next(Limits) switch
            {
                0 => bound,
                1 => -bound,
                2 => 0,
                _ => random.NextInt64(-bound, bound + 1),
            });
        }
        return tensor;
    }
}
