using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

//  %1 = nn.avg_pool2d(%0) {kernel = [k, k]}   ⇒   %1 = cvm.conv2d(%0 as i8, ones) {groups = C}   at k² times the scale
//
// Where windows at the border average fewer elements (count_include_pad = false, ceil_mode), the requantization's multiplier differs by
// position: a constant of shape [1, 1, OH, OW].
internal static class AveragePoolLowering
{
    public static readonly LoweringRule AvgPool2D = new((op, _, _) => ProductLowering.DataDemand(op.Operands[0]), Lower);

    private static Value Lower(Operation op, Lowering lowering)
    {
        var data = lowering.At(op.Operands[0], ProductLowering.DataDemand(op.Operands[0]));
        int channels = data.Type.Shape[1];
        var (top, left, bottom, right) = Covering(op);
        var (kernelH, kernelW) = op.Context.Pair("kernel");
        var ones = Tensor.Zeros<float>(Shape.Of(channels, 1, (int)kernelH, (int)kernelW));
        Array.Fill(ones.Data, 1f);
        var window = ConvWindow.Of(op.Context, ones, (top, left, bottom, right), (1, 1));
        var weight = lowering.Constant(
            $"{lowering.Name(op.Result)}.ones", Tensor.Create(window.Weight.Shape, Array.ConvertAll(window.Weight.Data, v => (int)v)));
        double scale = data.Type.Scale!.Value;
        Value Sum(double terms) => lowering.Emit(
            CvmConv.Conv2D, [data, weight], window.Attributes(channels, channels, hasBias: false), Scale.PerTensor(scale * terms));

        int[] counts = Counts(op);
        return counts.All(n => n == counts[0])
            ? Sum(counts[0])
            : Weighted(op, lowering, Sum(1), counts);
    }

    // Average at position i = sum_i / n_i  ⇒  sum_i · m_i · 2^-b with m_i = round(2^b · s_out / (s · n_i))
    private static Value Weighted(Operation op, Lowering lowering, Value sum, int[] counts)
    {
        var target = lowering.Demands.Of(op.Result);
        double ratio = target.Scale / sum.Type.Scale!.Value;
        for (int shift = ShiftBudget.MaxShift; shift >= 0; shift--)
        {
            long[] multipliers = [.. counts.Select(n => (long)Math.Floor((1L << shift) * ratio / n + 0.5))];
            if (multipliers.Min() < 1) break;
            int clip = ShiftBudget.ClipPrecision(lowering.Ranges[sum].All.Magnitude, target.Precision, multipliers.Min(), shift);
            if (multipliers.Max() > int.MaxValue || !ShiftBudget.Fits(clip, multipliers.Max())) continue;
            var result = op.Result.Type.Shape;
            var constant = lowering.Constant(
                $"{lowering.Name(op.Result)}.multiplier",
                Tensor.Create(Shape.Of(1, 1, result[2], result[3]), Array.ConvertAll(multipliers, m => (int)m)));
            return lowering.Requantized(lowering.WithSnap(sum, new Snapped(constant, shift, target)), target);
        }
        throw new Diagnostics.DiagnosticException(
            QuantizeCodes.NoRequantization,
            $"average pool '{lowering.Name(op.Result)}': no multiplier and shift of 32 bits bring its sums to scale {target.Scale}",
            op.Location);
    }

    /// <summary>The padding with which every window of the result lies inside the padded data (ceil_mode adds to the end).</summary>
    private static (long Top, long Left, long Bottom, long Right) Covering(Operation op)
    {
        var (top, left, bottom, right) = NnWindow.Padding(op.Context);
        var (kernelH, kernelW) = op.Context.Pair("kernel");
        var (strideH, strideW) = op.Context.Pair("strides");
        Shape data = op.Operands[0].Type.Shape, result = op.Result.Type.Shape;
        return (top, left, Math.Max(bottom, (result[2] - 1) * strideH + kernelH - data[2] - top),
            Math.Max(right, (result[3] - 1) * strideW + kernelW - data[3] - left));
    }

    /// <summary>How many elements each window of [OH, OW] averages.</summary>
    private static int[] Counts(Operation op)
    {
        var (top, left, bottom, right) = NnWindow.Padding(op.Context);
        var (kernelH, kernelW) = op.Context.Pair("kernel");
        var (strideH, strideW) = op.Context.Pair("strides");
        bool includePad = op.Context.Bool("count_include_pad");
        Shape data = op.Operands[0].Type.Shape, result = op.Result.Type.Shape;
        var counts = new int[result[2] * result[3]];
        for (int y = 0; y < result[2]; y++)
            for (int x = 0; x < result[3]; x++)
                counts[y * result[3] + x] =
                    Overlap(y * strideH - top, kernelH, data[2], includePad ? top : 0, includePad ? bottom : 0)
                    * Overlap(x * strideW - left, kernelW, data[3], includePad ? left : 0, includePad ? right : 0);
        return counts;
    }

    private static int Overlap(long start, long length, long size, long before, long after) =>
        (int)Math.Max(1, Math.Min(start + length, size + after) - Math.Max(start, -before));
}
