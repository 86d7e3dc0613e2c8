using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Ops;

/// <summary>Shape rules of the float rows: one example of each rule, and the message of each refusal.</summary>
public class NnRowTests
{
    private static Shape Infer(OpSpec row, Shape[] operands, params (string, AttributeValue)[] attributes) =>
        Assert.Single(row.Infer(new ProposedOperation(row, [.. operands.Select(TensorType.Float)], Attributes.Of(attributes)))).Shape;

    private static Shape S(params int[] dims) => Shape.Of(dims);

    private static void Is(Shape expected, OpSpec row, Shape[] operands, params (string, AttributeValue)[] attributes) =>
        Assert.Equal(expected, Infer(row, operands, attributes));

    private static void Refuses(string message, OpSpec row, Shape[] operands, params (string, AttributeValue)[] attributes) =>
        Assert.Equal(message, Assert.Throws<RuleException>(() => Infer(row, operands, attributes)).Message);

    [Fact]
    public void Convolution_counts_window_positions()
    {
        Is(S(2, 8, 14, 16), NnConv.Conv2D, [S(2, 4, 28, 32), S(8, 2, 3, 3), S(8)],
            ("kernel", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("padding", new[] { 1, 1 }), ("groups", 2));
        Is(S(1, 1, 4, 6), NnConv.Conv2D, [S(1, 1, 7, 7), S(1, 1, 3, 3)], ("kernel", new[] { 3, 3 }), ("dilation", new[] { 2, 1 }),
            ("padding", new[] { 0, 1, 1, 0 }));
    }

    [Fact]
    public void Convolution_refuses_what_does_not_fit()
    {
        (string, AttributeValue) kernel = ("kernel", new[] { 3, 3 });
        Refuses("weight [8, 4, 3, 3] does not fit data [1, 3, 8, 8]: 4 input channels where 3 / 1 = 3 are given",
            NnConv.Conv2D, [S(1, 3, 8, 8), S(8, 4, 3, 3)], kernel);
        Refuses("a window of 3 does not fit height 2 padded to 2", NnConv.Conv2D, [S(1, 3, 2, 8), S(8, 3, 3, 3)], kernel);
        Refuses("bias [7] does not fit 8 output channels", NnConv.Conv2D, [S(1, 3, 8, 8), S(8, 3, 3, 3), S(7)], kernel);
        Refuses("padding has 3 elements", NnConv.Conv2D, [S(1, 3, 8, 8), S(8, 3, 3, 3)], kernel, ("padding", new[] { 1, 1, 1 }));
        Refuses("kernel, padding or dilation along height is too large", NnConv.Conv2D, [S(1, 3, 8, 8), S(8, 3, 3, 3)], kernel,
            ("dilation", new[] { long.MaxValue, 1 }));
    }

    [Fact]
    public void Dense_contracts_the_last_axis()
    {
        Is(S(2, 5, 10), NnConv.Dense, [S(2, 5, 7), S(10, 7), S(10)]);
        Refuses("weight [10, 800] does not fit data of 784 columns", NnConv.Dense, [S(1, 784), S(10, 800)]);
    }

    [Fact]
    public void Batch_norm_wants_a_number_for_each_channel()
    {
        Is(S(1, 4, 4, 3), NnConv.BatchNorm, [S(1, 4, 4, 3), S(3), S(3), S(3), S(3)], ("axis", -1));
        Refuses("mean [4] does not fit 3 channels", NnConv.BatchNorm, [S(1, 3, 4, 4), S(3), S(3), S(4), S(3)]);
    }

    [Fact]
    public void Matmul_broadcasts_leading_axes()
    {
        Is(S(5, 2, 3, 7), NnConv.MatMul, [S(5, 1, 3, 4), S(2, 4, 7)]);
        Refuses("[3, 4] times [5, 7]: 4 columns meet 5 rows", NnConv.MatMul, [S(3, 4), S(5, 7)]);
    }

    [Theory]
    [InlineData(7, 2, 2, 0, 0, false, 3)]
    [InlineData(7, 2, 2, 0, 0, true, 4)]
    [InlineData(4, 2, 3, 1, 1, true, 2)] // the third window would start at 6, in the trailing padding
    public void Ceil_mode_drops_a_window_that_starts_in_the_padding(
        int size, int kernel, int stride, int before, int after, bool ceil, int positions) =>
        Is(S(1, 1, positions, positions), NnPool.MaxPool2D, [S(1, 1, size, size)], ("kernel", new[] { kernel, kernel }),
            ("strides", new[] { stride, stride }),
            ("padding", new[] { before, before, after, after }), ("ceil_mode", ceil));

    [Fact]
    public void Binary_rows_broadcast()
    {
        Is(S(2, 3, 4), NnBinary.Add, [S(2, 1, 4), S(3, 1)]);
        Is(S(2, 3), NnBinary.Mul, [S(2, 3), Shape.Scalar]);
        Refuses("[2, 3] and [2, 4] do not broadcast", NnBinary.Sub, [S(2, 3), S(2, 4)]);
        Refuses("the result would have 65536 x 65536 elements; at most 2147483647 are allowed", NnBinary.Add, [S(65536, 1), S(65536)]);
    }

    [Fact]
    public void Reductions_fold_axes()
    {
        Is(S(2), NnReduce.Mean, [S(2, 3, 4)], ("axes", new[] { 1, -1 }));
        Is(S(2, 1, 4), NnReduce.Sum, [S(2, 3, 4)], ("axes", new[] { 1 }), ("keepdims", true));
        Refuses("axes = [1, -1] names an axis twice", NnReduce.Max, [S(2, 3)], ("axes", new[] { 1, -1 }));
        Refuses("axis 3 is outside a tensor of rank 3", NnReduce.Max, [S(2, 3, 4)], ("axes", new[] { 3 }));
    }

    [Fact]
    public void Shape_rows_move_elements()
    {
        Is(S(2, 12), NnShape.Flatten, [S(2, 3, 4)]);
        Is(S(4, 6), NnShape.Reshape, [S(2, 3, 4)], ("shape", new[] { 4, 6 }));
        Is(S(4, 2, 3), NnShape.Transpose, [S(2, 3, 4)], ("axes", new[] { 2, 0, 1 }));
        Is(S(2, 8), NnShape.Concat, [S(2, 3), S(2, 4), S(2, 1)]);
        Is(S(2, 2), NnShape.Slice, [S(4, 5)], ("begin", new[] { 3, 0 }), ("end", new[] { -1, 3 }), ("strides", new[] { -2, 2 }));
        Is(S(4, 3), NnShape.Pad, [S(1, 3)], ("before", new[] { 1, 0 }), ("after", new[] { 2, 0 }));
        Is(S(1, 2, 3, 1), NnShape.ExpandDims, [S(2, 3)], ("axes", new[] { 0, -1 }));
        Is(S(2, 3), NnShape.Squeeze, [S(1, 2, 1, 3)], ("axes", new[] { 0, 2 }));
        Is(S(1, 2, 6, 12), NnShape.UpSample, [S(1, 2, 3, 4)], ("scale", new[] { 2, 3 }));
        Is(S(4, 9), NnShape.Tile, [S(2, 3)], ("repeats", new[] { 2, 3 }));
        Is(S(2, 9), NnShape.Repeat, [S(2, 3)], ("repeats", 3), ("axis", 1));
        Is(S(4, 2, 3), NnShape.BroadcastTo, [S(2, 1)], ("shape", new[] { 4, 2, 3 }));
        Is(S(1, 2, 6, 8), NnShape.DepthToSpace, [S(1, 8, 3, 4)], ("block", 2));
        Is(S(1, 8, 3, 4), NnShape.SpaceToDepth, [S(1, 2, 6, 8)], ("block", 2));
        Is(S(2, 5, 6, 4), NnLookup.Take, [S(2, 3, 4), S(5, 6)], ("axis", 1));
        Is(S(2, 3), NnLookup.Where, [S(2, 1), S(3), Shape.Scalar]);
    }

    [Fact]
    public void Shape_rows_refuse_what_does_not_fit()
    {
        Refuses("[2, 3] with 6 elements cannot become [4] with 4", NnShape.Reshape, [S(2, 3)], ("shape", new[] { 4 }));
        Refuses("axes = [0, 0] names an axis twice", NnShape.Transpose, [S(2, 3)], ("axes", new[] { 0, 0 }));
        Refuses("operand 1 [3, 3] does not fit operand 0 [2, 3] along axis 1", NnShape.Concat, [S(2, 3), S(3, 3)]);
        Refuses("2..2 by 1 along axis 0 selects nothing", NnShape.Slice, [S(4)], ("begin", new[] { 2 }),
            ("end", new[] { 2 }), ("strides", new[] { 1 }));
        Refuses("2..5 is outside axis 0 of data [4]", NnShape.Slice, [S(4)], ("begin", new[] { 2 }),
            ("end", new[] { 5 }), ("strides", new[] { 1 }));
        Refuses("axis 1 of data [1, 2] has size 2", NnShape.Squeeze, [S(1, 2)], ("axes", new[] { 1 }));
        Refuses("2 x 9223372036854775807 is above 2147483647", NnShape.Tile, [S(2)], ("repeats", new[] { long.MaxValue }));
        Refuses("6 channels cannot be split into squares of 2 x 2", NnShape.DepthToSpace, [S(1, 6, 2, 2)], ("block", 2));
    }

    [Fact]
    public void A_pool_without_an_element_in_one_of_its_windows_is_refused()
    {
        (string, AttributeValue) one = ("kernel", new[] { 1, 1 }), padded = ("padding", new[] { 1, 1 });
        Refuses("the window at row -1 lies wholly in the padding, where nothing is", NnPool.MaxPool2D, [S(1, 1, 4, 4)], one, padded);
        Refuses("the window at column 4 lies wholly in the padding, where nothing is", NnPool.MaxPool2D, [S(1, 1, 4, 4)],
            one, ("padding", new[] { 0, 0, 0, 1 }));
        // Taps at -1 and 1 on both sides of the only element.
        Refuses("the window at column -1 lies wholly in the padding, where nothing is", NnPool.MaxPool2D, [S(1, 1, 1, 1)],
            ("kernel", new[] { 1, 2 }), ("dilation", new[] { 1, 2 }), ("padding", new[] { 0, 1 }));
        Refuses("the window at row -1 lies wholly in the padding, where nothing is", NnPool.AvgPool2D, [S(1, 1, 4, 4)], one,
            padded, ("count_include_pad", false));
    }
}
