using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using Xunit;
using static CortexMl.Tests.Ops.CvmInfer;

namespace CortexMl.Tests.Ops;

/// <summary>Precision rules, CortexMl.Cvm/SPECIFICATION.md §8.1.</summary>
public class CvmPrecisionTests
{
    [Fact]
    public void Sums_need_one_more_bit_and_products_both()
    {
        Gives("i10[3]", CvmBinary.ElemwiseAdd, [I(8, 3), I(9, 3)]);
        Gives("i10[3]", CvmBinary.BroadcastSub, [I(9, 3), I(8, 1)]);
        Gives("i17[3]", CvmBinary.BroadcastMul, [I(8, 3), I(9, 3)]);
        Gives("i9[3]", CvmBinary.BroadcastMax, [I(8, 3), I(9, 3)]);
    }

    [Fact]
    public void Quotient_and_comparison_keep_the_precision_of_the_left_operand()
    {
        Gives("i8[3]", CvmBinary.BroadcastDiv, [I(8, 3), I(20, 3)]);
        Gives("i20[3]", CvmBinary.BroadcastGreater, [I(20, 3), I(8, 3)]);
    }

    [Fact]
    public void Precision_above_32_is_a_logic_error()
    {
        Gives("i32[3]", CvmBinary.BroadcastMul, [I(16, 3), I(16, 3)]);
        Logic(CvmBinary.BroadcastMul, [I(17, 3), I(16, 3)]);
        Logic(CvmBinary.ElemwiseAdd, [I(32, 3), I(1, 3)]);
    }

    [Fact]
    public void Clip_counts_one_bit_more_than_127_needs()
    {
        Gives("i9[3]", CvmUnary.Clip, [I(20, 3)], ("a_min", -127), ("a_max", 127));
        Gives("i8[3]", CvmUnary.Clip, [I(20, 3)], ("a_min", -126), ("a_max", 126));
        Gives("i9[3]", CvmUnary.Clip, [I(20, 3)], ("a_min", -200), ("a_max", 3));
    }

    [Fact]
    public void Clip_bounds_are_ordered_and_symmetric_in_range()
    {
        Logic(CvmUnary.Clip, [I(8, 3)], ("a_min", 5), ("a_max", 5));
        Logic(CvmUnary.Clip, [I(8, 3)], ("a_min", int.MinValue), ("a_max", 0));
        Logic(CvmUnary.Clip, [I(8, 3)], ("a_min", 0), ("a_max", int.MaxValue));
        Runtime(CvmUnary.Clip, [I(8, 3)], ("a_min", 0), ("a_max", 1L << 31));
        Runtime(CvmUnary.Clip, [I(8, 3)], ("a_min", 0));
    }

    [Fact]
    public void Shifts_have_the_given_precision()
    {
        Gives("i8[3]", CvmUnary.CvmRightShift, [I(32, 3)], ("precision", 8), ("shift_bit", 32));
        Gives("i8[3]", CvmUnary.CvmClip, [I(32, 3)], ("precision", 8), ("is_sign", false));
        Logic(CvmUnary.CvmRightShift, [I(32, 3)], ("precision", 8), ("shift_bit", 33));
        Logic(CvmUnary.CvmRightShift, [I(32, 3)], ("precision", 0), ("shift_bit", 3));
    }

    [Fact]
    public void Left_shift_beyond_32_bits_is_a_runtime_error()
    {
        Gives("i3[3]", CvmUnary.CvmLeftShift, [I(8, 3)], ("precision", 3), ("shift_bit", 24));
        Runtime(CvmUnary.CvmLeftShift, [I(8, 3)], ("precision", 3), ("shift_bit", 25));
    }

    [Fact]
    public void Convolution_adds_the_bits_of_the_number_of_products()
    {
        (string, AttributeValue)[] attributes = [("channels", 2), ("kernel_size", Ints(3, 3)), ("use_bias", false)];
        Gives("i21[1, 2, 3, 3]", CvmConv.Conv2D, [I(8, 1, 3, 5, 5), I(8, 2, 3, 3, 3)], attributes);
        Gives("i22[1, 2, 3, 3]", CvmConv.Conv2D, [I(8, 1, 3, 5, 5), I(8, 2, 3, 3, 3), I(20, 2)],
            ("channels", 2), ("kernel_size", Ints(3, 3)));
        Gives("i25[1, 2, 3, 3]", CvmConv.Conv2D, [I(8, 1, 3, 5, 5), I(8, 2, 3, 3, 3), I(24, 2)],
            ("channels", 2), ("kernel_size", Ints(3, 3)));
        Logic(CvmConv.Conv2D, [I(9, 1, 3, 5, 5), I(8, 2, 3, 3, 3)], attributes);
        Logic(CvmConv.Conv2D, [I(8, 1, 3, 5, 5), I(9, 2, 3, 3, 3)], attributes);
    }

    [Fact]
    public void Dense_of_one_column_adds_one_bit()
    {
        Gives("i17[2, 3]", CvmConv.Dense, [I(8, 2, 1), I(8, 3, 1)], ("units", 3), ("use_bias", false));
        Gives("i27[2, 3]", CvmConv.Dense, [I(8, 2, 1), I(8, 3, 1), I(26, 3)], ("units", 3));
    }

    [Fact]
    public void Sum_adds_the_bits_of_the_number_of_terms()
    {
        Gives("i12[2]", CvmReduce.Sum, [I(8, 2, 8)], ("axis", Ints(1)));
        Gives("i9[2, 1]", CvmReduce.Sum, [I(8, 2, 1)], ("axis", Ints()), ("exclude", false), ("keepdims", true), ("axis", Ints(1)));
        Gives("i8[2]", CvmReduce.Max, [I(8, 2, 8)], ("axis", Ints(1)));
    }

    [Fact]
    public void Selections_take_the_precision_of_what_they_return_but_where_of_its_condition()
    {
        Gives("i5[4]", CvmLookup.CvmLut, [I(9, 4), I(5, 7)], ("in_dim", 7));
        Gives("i5[4]", CvmLookup.Take, [I(5, 7), I(9, 4)]);
        Gives("i2[4]", CvmLookup.Where, [I(2, 4), I(8, 4), I(9, 4)]);
        Gives("i9[2, 3]", CvmShape.Concatenate, [I(8, 2, 1), I(9, 2, 2)]);
        Gives("i6[4]", CvmUnary.CvmPrecision, [I(32, 4)]);
    }

    [Fact]
    public void Valid_counts_hold_the_number_of_elements_of_a_batch() =>
        Assert.Equal(["i6[2]", "i11[2, 5, 6]"], Types(CvmDetection.GetValidCounts, [I(11, 2, 5, 6)]).Select(t => t.ToString()));

    [Fact]
    public void Float_operands_are_refused() => Logic(CvmUnary.Relu, [TensorType.Float(3)]);
}
