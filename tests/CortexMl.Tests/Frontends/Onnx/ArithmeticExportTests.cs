using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.OneRow;

namespace CortexMl.Tests.Frontends.Onnx;

public class ArithmeticExportTests
{
    [Fact]
    public void Binary_rows_broadcast_and_keep_the_order_of_their_operands()
    {
        Tensor<float> a = Of([2, 1], 8, 2), b = Vector(2, 4);
        Equal([10, 12, 4, 6], Run(NnBinary.Add, null, a, b));
        Equal([6, 4, 0, -2], Run(NnBinary.Sub, null, a, b));
        Equal([16, 32, 4, 8], Run(NnBinary.Mul, null, a, b));
        Equal([4, 2, 1, 0.5], Run(NnBinary.Div, null, a, b));
        Equal([8, 8, 2, 4], Run(NnBinary.Max, null, a, b));
        Equal([2, 4, 2, 2], Run(NnBinary.Min, null, a, b));
        Equal([64, 4096, 4, 16], Run(NnBinary.Pow, null, a, b));
    }

    [Fact]
    public void A_scalar_operand_has_rank_0() => Equal([3, 4], Run(NnBinary.Add, null, Counting(1, 2), Tensor.Scalar(2f)));

    [Fact]
    public void Reductions_fold_their_axes()
    {
        var axes = Attributes.Of(("axes", new[] { -1 }));
        Equal([2, 5], Run(NnReduce.Mean, axes, Counting(2, 3)));
        Equal([6, 15], Run(NnReduce.Sum, axes, Counting(2, 3)));
        Equal([3, 6], Run(NnReduce.Max, axes.With("keepdims", true), Counting(2, 3)));
        Equal([21], Run(NnReduce.Sum, Attributes.Of(("axes", new[] { 0, 1 }), ("keepdims", true)), Counting(2, 3)));
    }

    [Fact]
    public void Softmax_sums_to_one_along_its_axis()
    {
        var logs = Of([2, 2], 0, MathF.Log(3), 0, 0);
        Equal([0.25, 0.75, 0.5, 0.5], Run(NnSoftmax.Softmax, null, logs));
        Equal([0.5, 0.75, 0.5, 0.25], Run(NnSoftmax.Softmax, Attributes.Of(("axis", 0)), logs));
        Equal([Math.Log(0.25), Math.Log(0.75), Math.Log(0.5), Math.Log(0.5)], Run(NnSoftmax.LogSoftmax, null, logs));
    }

    [Fact]
    public void Comparison_and_rounding()
    {
        Equal([0, 0, 1], Run(NnBinary.Greater, null, Vector(1, 2, 3), Vector(2, 2, 2)));
        Equal([-2, 0, 2, 1], Run(NnUnary.Round, null, Vector(-2.5f, 0.5f, 1.5f, 0.75f)));
    }

    [Fact]
    public void Normalisation_by_the_data_itself()
    {
        Equal([0.6, 0.8, 0, 0], Run(NnNorm.L2Normalize, null, Of([2, 2], 3, 4, 0, 0)));
        var rows = Attributes.Of(("axes", new[] { -1 }), ("epsilon", 0.75));
        Equal([-0.5, 0.5, -0.5, 0.5], Run(NnNorm.Normalize, rows, Of([2, 2], 3, 4, 0, 1)));
        Equal([0.6, 0.8], Run(NnNorm.Normalize, rows.With("center", false).With("epsilon", 12.5), Of([1, 2], 3, 4)));
        // Window of three channels, bias 1, alpha / size = 1, beta 1: x / (1 + Σ x²).
        var lrn = Attributes.Of(("size", 3), ("alpha", 3.0), ("beta", 1.0));
        Equal([1 / 6.0, 2 / 15.0, 3 / 14.0], Run(NnNorm.Lrn, lrn, Counting(1, 3, 1, 1)));
    }

    [Fact]
    public void Response_normalisation_that_ONNX_Runtime_refuses_is_composed()
    {
        // An even size looks one channel further behind: 1² + 2², 2² + 3², 3².
        var even = Attributes.Of(("size", 2), ("alpha", 2.0), ("beta", 1.0), ("bias", 1.0));
        Equal([1 / 6.0, 2 / 14.0, 3 / 10.0], Run(NnNorm.Lrn, even, Counting(1, 3, 1, 1)));
        Equal([1, 2, 3], Run(NnNorm.Lrn, even.With("alpha", 0.0), Counting(1, 3, 1, 1)));
        Equal([6, 28, 30], Run(NnNorm.Lrn, even.With("beta", -1.0), Counting(1, 3, 1, 1)));
    }

    [Fact]
    public void No_axis_to_remove_is_none() =>
        Equal([1, 2], Run(NnShape.Squeeze, Attributes.Of(("axes", Array.Empty<int>())), Counting(1, 2)));

    [Fact]
    public void Take_clamps_its_indices()
    {
        Equal([3, 4, 1, 2, 5, 6], Run(NnLookup.Take, null, Counting(3, 2), Vector(1, -4, 9)));
        Equal([2, 1, 4, 3], Run(NnLookup.Take, Attributes.Of(("axis", -1)), Counting(2, 2), Vector(1, 0)));
    }

    [Fact]
    public void Where_takes_x_unless_the_condition_is_zero() =>
        Equal([1, 20, 3], Run(NnLookup.Where, null, Vector(0.5f, 0, -1), Counting(3), Vector(10, 20, 30)));
}
