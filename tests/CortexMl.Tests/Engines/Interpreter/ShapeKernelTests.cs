using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class ShapeKernelTests
{
    private static Tensor<int> Count(params int[] dims) =>
        Tensor.Create(Shape.Of(dims), [.. Enumerable.Range(0, dims.Aggregate(1, (a, b) => a * b))]);

    private static void Same(Tensor<int> expected, Tensor<int> result)
    {
        Assert.Equal(expected.Shape, result.Shape);
        Assert.Equal(expected.Data, result.Data);
    }

    [Fact]
    public void Reshaping_operators_keep_the_elements_in_order() => Naive.AnyTensor.Sample(x =>
    {
        Assert.Equal(x.Data, Interpret.Op(CvmShape.Flatten, Attributes.Empty, x).Data);
        Assert.Equal(x.Data, Interpret.Op(CvmShape.Reshape, Attributes.Of(("shape", (int[])[-1])), x).Data);
        Assert.Equal(x.Data, Interpret.Op(CvmShape.ExpandDims, Attributes.Of(("axis", -1)), x).Data);
        Assert.Equal(x.Data, Interpret.Op(CvmShape.Squeeze, Attributes.Empty, x).Data);
    }, iter: 20);

    [Fact]
    public void Transpose_moves_axes() =>
        Naive.AnyTensor.SelectMany(x => Gen.Shuffle(Enumerable.Range(0, x.Shape.Rank).ToArray()).Select(axes => (x, axes)))
        .Sample(c => Same(
            Naive.Build(Shape.Of([.. c.axes.Select(axis => c.x.Shape[axis])]), y =>
                c.x.At([.. Enumerable.Range(0, y.Length).Select(axis => y[Array.IndexOf(c.axes, axis)])])),
            Interpret.Op(CvmShape.Transpose, Attributes.Of(("axes", c.axes)), c.x)), iter: 60);

    [Fact]
    public void Transpose_without_axes_reverses_them() => Same(
        Tensor.Create(Shape.Of(3, 2), (int[])[0, 3, 1, 4, 2, 5]), Interpret.Op(CvmShape.Transpose, Attributes.Empty, Count(2, 3)));

    [Fact]
    public void Concatenate_joins_along_the_axis()
    {
        var (a, b, c) = (Count(2, 1, 2), Count(2, 3, 2), Count(2, 2, 2));
        Same(
            Naive.Build(Shape.Of(2, 6, 2), y => y[1] < 1 ? a.At(y) : y[1] < 4 ? b.At(y[0], y[1] - 1, y[2]) : c.At(y[0], y[1] - 4, y[2])),
            Interpret.Op(CvmShape.Concatenate, Attributes.Of(("axis", -2)), a, b, c));
    }

    [Fact]
    public void Repeat_repeats_slices_and_tile_the_whole()
    {
        var x = Count(2, 2);
        Assert.Equal([0, 0, 1, 1, 2, 2, 3, 3], Interpret.Op(CvmShape.Repeat, Attributes.Of(("repeats", 2), ("axis", 1)), x).Data);
        Assert.Equal([0, 1, 0, 1, 2, 3, 2, 3], Interpret.Op(CvmShape.Repeat, Attributes.Of(("repeats", 2)), x).Data);
        Assert.Equal([0, 1, 0, 1, 2, 3, 2, 3], Interpret.Op(CvmShape.Tile, Attributes.Of(("reps", (int[])[2])), x).Data);
    }

    [Fact]
    public void Tile_takes_indices_modulo_the_dimension() => Gen.Select(Naive.AnyTensor, Gen.Int[1, 3].Array[1, 4]).Sample((x, reps) =>
    {
        int rank = Math.Max(x.Shape.Rank, reps.Length);
        int Dim(int axis) => axis + x.Shape.Rank >= rank ? x.Shape[axis + x.Shape.Rank - rank] : 1;
        int Reps(int axis) => axis + reps.Length >= rank ? reps[axis + reps.Length - rank] : 1;
        Same(
            Naive.Build(Shape.Of([.. Enumerable.Range(0, rank).Select(axis => Dim(axis) * Reps(axis))]), y =>
                x.At([.. y.Select((i, axis) => i % Dim(axis)).TakeLast(x.Shape.Rank)])),
            Interpret.Op(CvmShape.Tile, Attributes.Of(("reps", reps)), x));
    }, iter: 60);

    [Fact]
    public void Repeat_divides_the_index() => Gen.Select(Naive.AnyTensor, Gen.Int[1, 3], Gen.Int[0, 3]).Sample((x, repeats, any) =>
    {
        int axis = any % x.Shape.Rank;
        Same(
            Naive.Build(x.Shape.With(axis, x.Shape[axis] * repeats), y => x.At([.. y.Select((i, a) => a == axis ? i / repeats : i)])),
            Interpret.Op(CvmShape.Repeat, Attributes.Of(("repeats", repeats), ("axis", axis)), x));
    }, iter: 60);

    [Fact]
    public void Strided_slice_takes_every_step_from_begin()
    {
        var x = Count(3, 5);
        Assert.Equal([11, 13], Slice(x, [2, 1], [3, 5], [1, 2]));
        Assert.Equal([14, 12, 10], Slice(x, [-1, -1], [3, -6], [1, -2]));
        Assert.Equal([0, 1, 2, 3, 4], Interpret.Op(CvmShape.StridedSlice, Attributes.Empty, x).Data);
        Assert.Equal([10, 11, 12, 13, 14], Slice(x, [100], [-1000], [long.MinValue]));
    }

    private static int[] Slice(Tensor<int> x, long[] begin, long[] end, long[] stride) =>
        Interpret.Op(CvmShape.StridedSlice, Attributes.Of(("begin", begin), ("end", end), ("stride", stride)), x).Data;

    [Fact]
    public void Slice_like_keeps_the_leading_part() => Same(
        Tensor.Create(Shape.Of(2, 2), (int[])[0, 1, 4, 5]), Interpret.Op(CvmShape.SliceLike, Attributes.Empty, Count(3, 4), Count(2, 2)));

    [Fact]
    public void Slice_like_cuts_only_the_named_axes() => Same(
        Tensor.Create(Shape.Of(3, 2), (int[])[0, 1, 4, 5, 8, 9]),
        Interpret.Op(CvmShape.SliceLike, Attributes.Of(("axis", (int[])[-1])), Count(3, 4), Count(1, 2)));
}
