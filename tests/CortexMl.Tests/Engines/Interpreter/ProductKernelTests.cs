using System.Numerics;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class ProductKernelTests
{
    private sealed record Case(
        Tensor<int> Data, Tensor<int> Weight, Tensor<int>? Bias, int Groups, int[] Strides, int[] Padding, int[] Dilation)
    {
        public Attributes Attributes => Attributes.Of(
            ("channels", Weight.Shape[0]), ("kernel_size", (int[])[Weight.Shape[2], Weight.Shape[3]]), ("groups", Groups),
            ("strides", Strides), ("padding", Padding), ("dilation", Dilation), ("use_bias", Bias is not null));

        public Tensor<int>[] Operands => Bias is null ? [Data, Weight] : [Data, Weight, Bias];
    }

    private static Gen<int[]> Pair(int from, int to) => Gen.Int[from, to].Array[2];

    /// <summary>Any geometry whose kernel fits the padded data.</summary>
    private static Gen<Case> Cases(Gen<int> elements) =>
        Gen.Select(Gen.Select(Gen.Int[1, 2], Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[1, 2]), Pair(1, 3), Pair(1, 3), Pair(0, 2),
            Pair(1, 2), Pair(0, 4), Gen.Bool)
            .SelectMany((counts, kernel, strides, padding, dilation, extra, hasBias) =>
            {
                var (batch, groups, depth, outputs) = counts;
                int Dim(int axis) => Math.Max(1, 1 + ((kernel[axis] - 1) * dilation[axis]) - (2 * padding[axis])) + extra[axis];
                return Gen.Select(
                    Naive.Tensors(Shape.Of(batch, groups * depth, Dim(0), Dim(1)), elements),
                    Naive.Tensors(Shape.Of(groups * outputs, depth, kernel[0], kernel[1]), elements),
                    Naive.Tensors(Shape.Of(groups * outputs), elements))
                    .Select((data, weight, bias) => new Case(data, weight, hasBias ? bias : null, groups, strides, padding, dilation));
            });

    private static Tensor<int> Definition(Case c)
    {
        int perGroup = c.Weight.Shape[0] / c.Groups, depth = c.Weight.Shape[1];
        int Positions(int axis) =>
            ((c.Data.Shape[axis + 2] + (2 * c.Padding[axis]) - 1 - ((c.Weight.Shape[axis + 2] - 1) * c.Dilation[axis])) / c.Strides[axis])
                + 1;
        return Naive.Build(Shape.Of(c.Data.Shape[0], c.Weight.Shape[0], Positions(0), Positions(1)), y =>
        {
            BigInteger sum = c.Bias?.At(y[1]) ?? 0;
            foreach (int[] tap in Naive.Indices([depth, c.Weight.Shape[2], c.Weight.Shape[3]]))
            {
                int row = (y[2] * c.Strides[0]) + (tap[1] * c.Dilation[0]) - c.Padding[0],
                column = (y[3] * c.Strides[1]) + (tap[2] * c.Dilation[1]) - c.Padding[1];
                if (row < 0 || row >= c.Data.Shape[2] || column < 0 || column >= c.Data.Shape[3]) continue;
                sum += c.Data.At(y[0], (y[1] / perGroup * depth) + tap[0], row, column) * c.Weight.At(y[1], tap[0], tap[1], tap[2]);
            }
            return sum;
        });
    }

    [Fact]
    public void Convolution_is_the_wrapped_sum_over_the_window() => Cases(Naive.AnyInt).Sample(c =>
    {
        var result = Interpret.Op(CvmConv.Conv2D, c.Attributes, c.Operands);
        var expected = Definition(c);
        Assert.Equal(expected.Shape, result.Shape);
        Assert.Equal(expected.Data, result.Data);
    }, iter: 200);

    [Fact]
    public void Watched_convolution_gives_the_same_and_reports_what_wraps() =>
        Cases(Gen.OneOf(Gen.Int[-30000, 30000], Gen.Int[-9, 9])).Sample(c =>
    {
        var watched = new InterpreterOptions { TrapOverflow = true };
        try
        {
            Assert.Equal(Definition(c).Data, Interpret.Results(watched, CvmConv.Conv2D, c.Attributes, c.Operands)[0].Data);
        }
        catch (DiagnosticException error)
        {
            Assert.Equal(EngineCodes.Overflow, Assert.Single(error.Diagnostics).Code);
            Assert.Contains(c.Data.Data.Concat(c.Weight.Data), x => Math.Abs((long)x) > 9);
        }
    }, iter: 100);

    [Fact]
    public void Cpu_device_truncates_to_8_bits_with_one_group_only()
    {
        var data = Tensor.Create(Shape.Of(1, 2, 1, 1), (int[])[200, 1]);
        var weight = Tensor.Create(Shape.Of(2, 2, 1, 1), (int[])[1, 0, 0, 300]);
        var one = Attributes.Of(("channels", 2), ("kernel_size", (int[])[1, 1]), ("use_bias", false));
        Assert.Equal([200, 300], Interpret.Op(CvmConv.Conv2D, one, data, weight).Data);
        Assert.Equal([-56, 44], Interpret.Reference(CvmConv.Conv2D, one, data, weight).Data);
        var grouped = one.With("groups", 2);
        Assert.Equal(
            [200, 300], Interpret.Reference(CvmConv.Conv2D, grouped, data, Tensor.Create(Shape.Of(2, 1, 1, 1), (int[])[1, 300])).Data);
    }

    [Fact]
    public void Dense_is_data_times_transposed_weight() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 40], Gen.Int[1, 5], Gen.Bool)
            .SelectMany((rows, columns, units, hasBias) =>
                Gen.Select(Naive.Tensors(rows, columns), Naive.Tensors(units, columns), Naive.Tensors(units), Gen.Const(hasBias)))
            .Sample((data, weight, bias, hasBias) =>
            {
                var attributes = Attributes.Of(("units", weight.Shape[0]), ("use_bias", hasBias));
                var expected = Naive.Build(Shape.Of(data.Shape[0], weight.Shape[0]), y =>
                    Enumerable.Range(0, data.Shape[1])
                        .Aggregate(hasBias ? bias.At(y[1]) : 0, (sum, k) => sum + (data.At(y[0], k) * weight.At(y[1], k))));
                Assert.Equal(expected.Data, Interpret.Op(CvmConv.Dense, attributes, hasBias ? [data, weight, bias] : [data, weight]).Data);
            }, iter: 100);
}
