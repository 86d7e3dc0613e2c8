using System.Numerics;
using CortexMl.Tensors;
using CsCheck;

namespace CortexMl.Tests.Engines.Interpreter;

/// <summary>Second definitions of operators: one formula per result element, over multi-indices, in unbounded integers.</summary>
internal static class Naive
{
    /// <summary>The tensor whose element at each index is what the formula says, wrapped to 32 bits.</summary>
    public static Tensor<int> Build(Shape shape, Func<int[], BigInteger> element) =>
        Tensor.Create(shape, [.. Indices(shape).Select(i => Wrap(element(i)))]);

    /// <summary>Every multi-index of a shape, the last axis fastest.</summary>
    public static IEnumerable<int[]> Indices(IReadOnlyList<int> dims) => dims.Count == 0
        ? [[]]
        : Indices([.. dims.Take(dims.Count - 1)]).SelectMany(head => Enumerable.Range(0, dims[^1]).Select(last => (int[])[.. head, last]));

    public static BigInteger At(this Tensor<int> tensor, params int[] index)
    {
        int offset = 0;
        for (int axis = 0; axis < tensor.Shape.Rank; axis++) offset = (offset * tensor.Shape[axis]) + index[axis];
        return tensor.Data[offset];
    }

    public static int Wrap(BigInteger exact) => (int)(uint)(exact & uint.MaxValue);

    /// <summary>Integers of every size, the extremes often.</summary>
    public static readonly Gen<int> AnyInt =
        Gen.OneOf(Gen.Int, Gen.Int[-300, 300],
            Gen.OneOf([.. new[] { int.MinValue, int.MinValue + 1, int.MaxValue, -1, 0, 1 }.Select(Gen.Const)]));

    /// <summary>A tensor of up to so many small dimensions.</summary>
    public static readonly Gen<Tensor<int>> AnyTensor =
        Gen.Int[1, 4].Array[1, 4].Select(dims => Shape.Of(dims)).SelectMany(shape => Tensors(shape));

    public static Gen<Tensor<int>> Tensors(params int[] dims) => Tensors(Shape.Of(dims));

    public static Gen<Tensor<int>> Tensors(Shape shape, Gen<int>? elements = null) =>
        (elements ?? AnyInt).Array[(int)shape.Count].Select(data => Tensor.Create(shape, data));
}
