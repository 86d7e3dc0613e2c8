using System.Numerics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class ReduceKernelTests
{
    private static readonly Gen<(Tensor<int> Data, int[] Axes, bool Keep, bool Exclude)> Cases =
        Gen.Select(Naive.AnyTensor, Gen.Int[1, 15], Gen.Bool, Gen.Bool).Select((x, mask, keep, exclude) =>
        {
            int[] axes = [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => (mask >> axis & 1) == 1)];
            return (x, axes.Length > 0 ? axes : [0], keep, exclude);
        });

    private static void Agrees(OpSpec row, Func<BigInteger, BigInteger, BigInteger> fold) => Cases.Sample(c =>
    {
        var reduced = Enumerable.Range(0, c.Data.Shape.Rank).Where(axis => c.Axes.Contains(axis) != c.Exclude).ToHashSet();
        var kept = Shape.Of([.. c.Data.Shape.Select((dim, axis) => reduced.Contains(axis) ? 1 : dim)]);
        var expected = Naive.Build(kept, y => Naive.Indices(c.Data.Shape)
            .Where(i => i.Zip(y).Where((_, axis) => !reduced.Contains(axis)).All(pair => pair.First == pair.Second))
            .Select(i => c.Data.At(i)).Aggregate(fold));
        // A negative axis counts from the end.
        long[] axes = [.. c.Axes.Select((axis, i) => i % 2 == 0 ? axis : (long)axis - c.Data.Shape.Rank)];
        var result = Interpret.Op(row, Attributes.Of(("axis", axes), ("keepdims", c.Keep), ("exclude", c.Exclude)), c.Data);
        Assert.Equal(expected.Data, result.Data);
        if (c.Keep) Assert.Equal(kept, result.Shape);
    }, iter: 150);

    [Fact]
    public void Sum_adds_over_the_axes() => Agrees(CvmReduce.Sum, (a, b) => a + b);

    [Fact]
    public void Max_is_the_largest_over_the_axes() => Agrees(CvmReduce.Max, BigInteger.Max);

    [Fact]
    public void Sum_without_axes_adds_everything() =>
        Assert.Equal([10], Interpret.Op(CvmReduce.Sum, Attributes.Empty, Tensor.Create(Shape.Of(2, 2), (int[])[1, 2, 3, 4])).Data);

    [Fact]
    public void Max_without_axes_is_at_least_0()
    {
        var x = Tensor.Create(Shape.Of(1, 3), (int[])[-4, -2, -3]);
        Assert.Equal([0], Interpret.Op(CvmReduce.Max, Attributes.Empty, x).Data);
        Assert.Equal([-2], Interpret.Op(CvmReduce.Max, Attributes.Of(("axis", (int[])[0, 1])), x).Data);
        Assert.Equal([-2], Interpret.Op(CvmReduce.Max, Attributes.Of(("exclude", true)), x).Data);
    }

    [Fact]
    public void Cpu_device_mixes_up_strides_behind_a_kept_axis_of_size_1()
    {
        var x = Tensor.Create(Shape.Of(2, 3, 1, 4), [.. Enumerable.Range(0, 24).Select(i => i / 4 == i / 4.0 ? i / 4 : 0)]);
        var attributes = Attributes.Of(("axis", (int[])[3]));
        Assert.Equal([0, 1, 2, 3, 4, 5], Interpret.Op(CvmReduce.Sum, attributes, x).Data);
        Assert.Equal([0, 1, 2, 1, 2, 3], Interpret.Reference(CvmReduce.Sum, attributes, x).Data);
    }
}
