using System.Numerics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class PoolKernelTests
{
    [Fact]
    public void Max_pool_is_the_largest_element_inside_the_window() =>
        Gen.Select(Gen.Int[2, 3].Array[2], Gen.Int[1, 3].Array[2], Gen.Int[0, 1].Array[2], Gen.Int[3, 6].Array[2])
            .SelectMany((pool, strides, padding, size) => Naive.Tensors(1, 2, size[0], size[1]).Select(x => (x, pool, strides, padding)))
            .Sample(c =>
            {
                var (x, pool, strides, padding) = c;
                int Positions(int axis) => ((x.Shape[axis + 2] + (2 * padding[axis]) - pool[axis]) / strides[axis]) + 1;
                var expected = Naive.Build(Shape.Of(1, 2, Positions(0), Positions(1)), y =>
                    Naive.Indices(pool)
                        .Select(tap => (Row: (y[2] * strides[0]) - padding[0] + tap[0], Column: (y[3] * strides[1]) - padding[1] + tap[1]))
                        .Where(at => at.Row >= 0 && at.Row < x.Shape[2] && at.Column >= 0 && at.Column < x.Shape[3])
                        .Select(at => x.At(y[0], y[1], at.Row, at.Column)).Aggregate(BigInteger.Max));
                var attributes = Attributes.Of(("pool_size", pool), ("strides", strides), ("padding", padding));
                Assert.Equal(expected.Data, Interpret.Op(CvmPool.MaxPool2D, attributes, x).Data);
            }, iter: 100);

    [Fact]
    public void Last_window_of_ceil_mode_sticks_out()
    {
        var x = Tensor.Create(Shape.Of(1, 1, 1, 5), (int[])[1, 2, 3, 4, -5]);
        var attributes = Attributes.Of(("pool_size", (int[])[1, 2]), ("strides", (int[])[1, 2]), ("ceil_mode", true));
        Assert.Equal([2, 4, -5], Interpret.Op(CvmPool.MaxPool2D, attributes, x).Data);
    }

    [Fact]
    public void Upsampling_repeats_every_element() =>
        Gen.Int[1, 3].SelectMany(scale => Naive.Tensors(2, 2, 3, 2).Select(x => (x, scale))).Sample(c =>
        Assert.Equal(
            Naive.Build(Shape.Of(2, 2, 3 * c.scale, 2 * c.scale), y => c.x.At(y[0], y[1], y[2] / c.scale, y[3] / c.scale)).Data,
            Interpret.Op(CvmPool.UpSampling, Attributes.Of(("scale", c.scale)), c.x).Data), iter: 20);
}
