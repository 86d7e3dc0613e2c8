using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class LookupKernelTests
{
    [Fact]
    public void Take_without_axis_clamps_indices_to_the_flat_list()
    {
        var data = Tensor.Create(Shape.Of(2, 2), (int[])[10, 11, 12, 13]);
        Assert.Equal([10, 13, 12], Interpret.Op(CvmLookup.Take, Attributes.Empty, data, Tensor.Vector(-5, 100, 2)).Data);
    }

    [Fact]
    public void Take_along_an_axis_puts_the_indices_there() =>
        Gen.Select(Naive.Tensors(2, 3, 2), Naive.Tensors(Shape.Of(2, 2), Gen.Int[-2, 5]), Gen.Int[-3, 2]).Sample((data, indices, given) =>
        {
            int axis = given < 0 ? given + 3 : given, dim = data.Shape[axis];
            Shape shape = Shape.Of([.. data.Shape.Take(axis), .. indices.Shape, .. data.Shape.Skip(axis + 1)]);
            var expected = Naive.Build(shape, y =>
                data.At([.. y.Take(axis), Math.Clamp((int)indices.At(y[axis], y[axis + 1]), 0, dim - 1), .. y.Skip(axis + 2)]));
            var result = Interpret.Op(CvmLookup.Take, Attributes.Of(("axis", given)), data, indices);
            Assert.Equal(shape, result.Shape);
            Assert.Equal(expected.Data, result.Data);
        }, iter: 60);

    [Fact]
    public void Table_is_read_at_the_clamped_value()
    {
        var table = Tensor.Create(Shape.Of(3, 1), (int[])[7, -8, 9]);
        Assert.Equal([7, -8, 9, 9], Interpret.Op(CvmLookup.CvmLut, Attributes.Of(("in_dim", 3)), Tensor.Vector(-1, 1, 2, 3), table).Data);
    }

    [Fact]
    public void Where_chooses_by_element_or_by_row()
    {
        var x = Tensor.Create(Shape.Of(2, 2), (int[])[1, 2, 3, 4]);
        var y = Tensor.Create(Shape.Of(2, 2), (int[])[-1, -2, -3, -4]);
        Assert.Equal([1, -2, -3, 4],
            Interpret.Op(CvmLookup.Where, Attributes.Empty, Tensor.Create(Shape.Of(2, 2), (int[])[5, 0, 0, -1]), x, y).Data);
        Assert.Equal([-1, -2, 3, 4], Interpret.Op(CvmLookup.Where, Attributes.Empty, Tensor.Vector(0, 2), x, y).Data);
        Assert.Equal([-1, -2, 3, 4], Interpret.Reference(CvmLookup.Where, Attributes.Empty, Tensor.Vector(0, 2), x, y).Data);
    }
}
