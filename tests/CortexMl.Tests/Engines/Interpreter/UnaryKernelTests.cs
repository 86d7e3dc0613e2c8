using System.Numerics;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class UnaryKernelTests
{
    private static void Agrees(OpSpec row, Attributes attributes, Func<BigInteger, BigInteger> definition) =>
        Naive.AnyTensor.Sample(x =>
            Assert.Equal(Naive.Build(x.Shape, i => definition(x.At(i))).Data, Interpret.Op(row, attributes, x).Data), iter: 50);

    private static Attributes Shift(int precision, int bits) => Attributes.Of(("precision", precision), ("shift_bit", bits));

    [Fact]
    public void Abs_is_the_magnitude() => Agrees(CvmUnary.Abs, Attributes.Empty, BigInteger.Abs);

    [Fact]
    public void Negative_is_the_opposite() => Agrees(CvmUnary.Negative, Attributes.Empty, x => -x);

    [Fact]
    public void Relu_is_the_positive_part() => Agrees(CvmUnary.Relu, Attributes.Empty, x => x > 0 ? x : 0);

    [Fact]
    public void Precision_is_the_least_power_of_two_above_the_magnitude() => Agrees(
        CvmUnary.CvmPrecision, Attributes.Empty, x => Enumerable.Range(1, 64).First(i => BigInteger.Abs(x) < BigInteger.Pow(2, i)));

    [Fact]
    public void Clip_stays_between_the_bounds() => Agrees(
        CvmUnary.Clip, Attributes.Of(("a_min", -5), ("a_max", 200)), x => BigInteger.Max(-5, BigInteger.Min(200, x)));

    [Fact]
    public void Cvm_clip_stays_within_its_precision() => Agrees(
        CvmUnary.CvmClip, Attributes.Of(("precision", 9)), x => BigInteger.Max(-255, BigInteger.Min(255, x)));

    [Fact]
    public void Right_shift_is_division_rounded_to_nearest() => Gen.Select(Gen.Int[1, 16], Gen.Int[2, 15]).Sample(
        (precision, bits) => Agrees(CvmUnary.CvmRightShift, Shift(precision, bits), x =>
        {
            BigInteger bound = BigInteger.Pow(2, precision - 1) - 1, divisor = BigInteger.Pow(2, bits), shifted = x + (divisor / 2);
            BigInteger floor = (shifted - (((shifted % divisor) + divisor) % divisor)) / divisor;
            return BigInteger.Max(-bound, BigInteger.Min(bound, floor));
        }), iter: 20);

    [Fact]
    public void Shift_rounds_half_up_for_negative_values() =>
        Assert.Equal([-1, 2, 0, 1, -2, -1], Interpret.Op(CvmUnary.CvmRightShift, Shift(8, 1), -3, 3, -1, 1, -4, -2));

    [Fact]
    public void Shift_clips_to_its_precision() =>
        Assert.Equal([127, -127, 127], Interpret.Op(CvmUnary.CvmRightShift, Shift(8, 2), 4000, -4000, 510));

    [Fact]
    public void Shift_to_precision_1_gives_0() => Assert.Equal([0, 0], Interpret.Op(CvmUnary.CvmRightShift, Shift(1, 4), 1000, -1000));

    [Fact]
    public void Shift_that_leaves_32_bits_is_clipped_by_the_definition_and_not_by_the_cpu_device()
    {
        Assert.Equal([127], Interpret.Op(CvmUnary.CvmRightShift, Shift(8, 24), int.MaxValue));
        Assert.Equal([128], Interpret.Reference(CvmUnary.CvmRightShift, Shift(8, 24), int.MaxValue));
    }

    [Fact]
    public void Shift_by_31_or_32_rounds_by_the_definition_and_not_on_the_cpu_device()
    {
        Assert.Equal([1, 0, -1], Interpret.Op(CvmUnary.CvmRightShift, Shift(8, 31), int.MaxValue, 1, int.MinValue));
        Assert.Equal([0, 0, 0], Interpret.Op(CvmUnary.CvmRightShift, Shift(8, 32), int.MaxValue, 1, int.MinValue));
        Assert.Equal([0, 0, -1], Interpret.Reference(CvmUnary.CvmRightShift, Shift(8, 31), int.MaxValue, 1, -1));
        Assert.Equal([0, 0, -1], Interpret.Reference(CvmUnary.CvmRightShift, Shift(8, 32), int.MaxValue, 1, -1));
    }

    [Fact]
    public void Shift_of_the_largest_integer_by_one_wraps_except_where_the_cpu_device_clamps()
    {
        Assert.Equal([-(1 << 30)], Interpret.Op(CvmUnary.CvmRightShift, Shift(32, 1), int.MaxValue));
        Assert.Equal([-127], Interpret.Op(CvmUnary.CvmRightShift, Shift(8, 1), int.MaxValue));
        Assert.Equal([-(1 << 30)], Interpret.Reference(CvmUnary.CvmRightShift, Shift(32, 1), int.MaxValue));
        Assert.Equal([127], Interpret.Reference(CvmUnary.CvmRightShift, Shift(8, 1), int.MaxValue));
    }

    [Fact]
    public void Left_shift_wraps_and_clips() =>
        Assert.Equal([12, -12, 127, 0], Interpret.Op(CvmUnary.CvmLeftShift, Shift(8, 2), 3, -3, 1000, 1 << 30));

    [Fact]
    public void Left_shift_fails_at_run_time_on_the_cpu_device()
    {
        var error = Assert.Throws<DiagnosticException>(() => Interpret.Reference(CvmUnary.CvmLeftShift, Shift(8, 2), 3));
        Assert.Equal(FailureClass.Runtime, Assert.Single(error.Diagnostics).Class);
    }

    [Fact]
    public void Most_negative_integer_is_its_own_magnitude_and_opposite()
    {
        Assert.Equal([int.MinValue], Interpret.Op(CvmUnary.Abs, Attributes.Empty, int.MinValue));
        Assert.Equal([int.MinValue], Interpret.Op(CvmUnary.Negative, Attributes.Empty, int.MinValue));
    }

    [Fact]
    public void Precision_of_a_value_is_at_least_1() =>
        Assert.Equal([1, 1, 4, 32], Interpret.Op(CvmUnary.CvmPrecision, Attributes.Empty, 0, 1, -9, int.MinValue));
}
