using System.Numerics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class BinaryKernelTests
{
    private static readonly Gen<(Shape A, Shape B)> Broadcasting =
        Gen.Select(Gen.Int[1, 3].Array[1, 4], Gen.Int[1, 4], Gen.Int[0, 15], Gen.Int[0, 15]).Select((dims, rank, a, b) =>
            (Ones(dims, a), Shape.Of([.. Ones(dims, b).TakeLast(rank)])));

    private static Shape Ones(int[] dims, int mask) => Shape.Of([.. dims.Select((dim, axis) => (mask >> axis & 1) == 1 ? 1 : dim)]);

    private static BigInteger Aligned(Tensor<int> x, int[] index) =>
        x.At([.. index.TakeLast(x.Shape.Rank).Select((i, axis) => x.Shape[axis] == 1 ? 0 : i)]);

    private static void Agrees(OpSpec row, Func<BigInteger, BigInteger, BigInteger> definition) => Broadcasting
        .SelectMany(shapes => Gen.Select(Naive.Tensors(shapes.A), Naive.Tensors(shapes.B)))
        .Sample((a, b) =>
        {
            var dims = Shape.Broadcast(a.Shape, b.Shape)!;
            Assert.Equal(
                Naive.Build(dims, i => definition(Aligned(a, i), Aligned(b, i))).Data, Interpret.Op(row, Attributes.Empty, a, b).Data);
        }, iter: 60);

    [Fact]
    public void Add_is_the_sum_of_every_pair() => Agrees(CvmBinary.BroadcastAdd, (a, b) => a + b);

    [Fact]
    public void Sub_is_the_difference_of_every_pair() => Agrees(CvmBinary.BroadcastSub, (a, b) => a - b);

    [Fact]
    public void Mul_is_the_product_of_every_pair() => Agrees(CvmBinary.BroadcastMul, (a, b) => a * b);

    [Fact]
    public void Max_is_the_larger_of_every_pair() => Agrees(CvmBinary.BroadcastMax, BigInteger.Max);

    [Fact]
    public void Greater_is_1_or_0() => Agrees(CvmBinary.BroadcastGreater, (a, b) => a > b ? 1 : 0);

    [Fact]
    public void Div_truncates_toward_zero() => Agrees(CvmBinary.BroadcastDiv, (a, b) => b == 0 ? 0 : BigInteger.Divide(a, b));

    [Fact]
    public void Elementwise_sum_and_difference_take_one_shape() => Naive.AnyTensor.Sample(a =>
    {
        var b = Tensor.Create(a.Shape, [.. a.Data.Reverse()]);
        Assert.Equal(Naive.Build(a.Shape, i => a.At(i) + b.At(i)).Data, Interpret.Op(CvmBinary.ElemwiseAdd, Attributes.Empty, a, b).Data);
        Assert.Equal(Naive.Build(a.Shape, i => a.At(i) - b.At(i)).Data, Interpret.Op(CvmBinary.ElemwiseSub, Attributes.Empty, a, b).Data);
    }, iter: 50);

    [Fact]
    public void Quotients_of_zero_divisors_and_of_the_most_negative_integer_are_defined()
    {
        var (a, b) = (Tensor.Vector(7, -7, 7, int.MinValue, 5), Tensor.Vector(-2, 2, 0, -1, 9));
        Assert.Equal([-3, -3, 0, int.MinValue, 0], Interpret.Op(CvmBinary.BroadcastDiv, Attributes.Empty, a, b).Data);
    }
}
