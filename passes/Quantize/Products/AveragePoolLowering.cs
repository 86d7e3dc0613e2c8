using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

//  %1 = nn.avg_pool2d(%0) {kernel = [k, k]}   ⇒   %1 = cvm.conv2d(%0 as i8, ones) {groups = C}   at k² times the scale
//
// A pool of few elements without padding (AveragePools) keeps 16 bits, exactly:
//    %2 = cvm.strided_slice(%0) {begin = [0, 0, 0, 0], stride = [1, 1, k, k], …}     a slice for each element of the window
//    %3 = cvm.elemwise_add(%2, …)                                                    and their sum
//
// Where windows at the border average fewer elements (count_include_pad = false, ceil_mode), the requantization's multiplier differs by
// position: a constant of shape [1, 1, OH, OW].
internal static class AveragePoolLowering
{
    public static readonly LoweringRule AvgPool2D = new((op, _, demands) => DemandOf(op, demands),
        (op, quantizer) => AveragePools.IsConvolution(op) ? Lower(op, quantizer) : Slices(op, quantizer))
    {
        Freedom = static (op, _, _) => AveragePools.IsConvolution(op) ? ScaleFreedom.EachChannel : ScaleFreedom.One,
    };

    private static Demand DemandOf(Operation op, Demands demands) =>
        AveragePools.IsConvolution(op) ? demands.Data(op) : Demands.Covering(DemandPrecision.Wide, op["data"]);

    private static Value Slices(Operation op, Quantizer quantizer)
    {
        var data = quantizer.Within(op["data"], DemandOf(op, quantizer.Demands));
        var (rows, columns) = SlidingWindow.Of(op);
        var scale = data.Type.Scale!.Times(rows.Kernel * columns.Kernel);
        var sum = Tap(0, 0);
        for (long tap = 1; tap < rows.Kernel * columns.Kernel; tap++)
            sum = quantizer.Emit(CvmBinary.ElemwiseAdd, [sum, Tap(tap / columns.Kernel, tap % columns.Kernel)], null, scale);
        return sum;

        Value Tap(long y, long x)
        {
            Shape image = data.Type.Shape, result = op.Result.Type.Shape;
            long[] ends =
            [
                image[0], image[1], y + ((result[2] - 1) * rows.Stride) + 1, x + ((result[3] - 1) * columns.Stride) + 1,
            ];
            long[] strides = [1, 1, rows.Stride, columns.Stride];
            return quantizer.Emit(
                CvmShape.StridedSlice, [data], Attributes.Of(("begin", new[] { 0, 0, y, x }), ("end", ends), ("stride", strides)), scale);
        }
    }

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        var data = quantizer.At(op["data"], quantizer.Demands.Data(op));
        int channels = data.Type.Shape[1];
        var window = Covering(op);
        var ones = Tensor.Zeros<float>(Shape.Of(channels, 1, (int)window.Rows.Kernel, (int)window.Columns.Kernel));
        Array.Fill(ones.Data, 1f);
        var sums = SymmetricConvolution.Of(ones, window);
        var weight = quantizer.Constant(
            $"{quantizer.Name(op.Result)}.ones", Tensor.Create(sums.Weight.Shape, Array.ConvertAll(sums.Weight.Data, v => (int)v)));
        var scale = data.Type.Scale!;
        Value Sum(double terms) => quantizer.Emit(
            CvmConv.Conv2D, [data, weight], sums.Attributes(channels, channels, hasBias: false), scale.Times(terms));

        int[] counts = Counts(op);
        return counts.All(n => n == counts[0])
            ? Sum(counts[0])
            : Weighted(op, quantizer, Sum(1), counts);
    }

    // Average at position i = sum_i / n_i  ⇒  sum_i · m_i · 2^-b with m_i = round(2^b · s_out / (s · n_i)), for each channel where
    // those have scales of their own
    private static Value Weighted(Operation op, Quantizer quantizer, Value sum, int[] counts)
    {
        var target = quantizer.Demands.Of(op.Result);
        var (from, to, result) = (sum.Type.Scale!, target.Units, op.Result.Type.Shape);
        int channels = from.IsPerChannel || to.IsPerChannel ? result[1] : 1;
        double[] ratios = [.. Enumerable.Range(0, channels).Select(c => to.At(c) / from.At(c))];
        for (int shift = ShiftBudget.MaxShift; shift >= 0; shift--)
        {
            long[] multipliers = [.. ratios.SelectMany(r => counts.Select(n => (long)Math.Floor((1L << shift) * r / n + 0.5)))];
            if (multipliers.Min() < 1) break;
            int clip = ShiftBudget.ClipPrecision(quantizer.Ranges[sum].All.Magnitude, target.Precision, multipliers.Min(), shift);
            if (!ShiftBudget.Fits(clip, multipliers.Max())) continue;
            var constant = quantizer.Constant(
                $"{quantizer.Name(op.Result)}.multiplier",
                Tensor.Create(Shape.Of(1, channels, result[2], result[3]), Array.ConvertAll(multipliers, m => (int)m)));
            return quantizer.Requantized(quantizer.WithSnap(sum, new Snapped(constant, shift, target)), target);
        }
        throw new Diagnostics.DiagnosticException(
            QuantizeCodes.NoRequantization,
            $"average pool '{quantizer.Name(op.Result)}': no multiplier and shift of 32 bits bring its sums to scale {target.Units}",
            op.Location);
    }

    /// <summary>The window with the padding in which it lies at every position of the result (ceil_mode adds to the end).</summary>
    private static SlidingWindow Covering(Operation op)
    {
        var window = SlidingWindow.Of(op);
        return new(Covering(window.Rows, 2), Covering(window.Columns, 3));

        WindowAxis Covering(WindowAxis axis, int dim) =>
            axis with { After = Math.Max(axis.After, axis.Behind(op["data"].Type.Shape[dim], op.Result.Type.Shape[dim])) };
    }

    /// <summary>How many elements each window of [OH, OW] averages.</summary>
    private static int[] Counts(Operation op)
    {
        var window = SlidingWindow.Of(op);
        bool includePad = op.Bool("count_include_pad");
        Shape data = op["data"].Type.Shape, result = op.Result.Type.Shape;
        var counts = new int[result[2] * result[3]];
        for (int y = 0; y < result[2]; y++)
            for (int x = 0; x < result[3]; x++)
                counts[y * result[3] + x] = (int)(Count(window.Rows, y, data[2]) * Count(window.Columns, x, data[3]));
        return counts;

        long Count(WindowAxis axis, int position, int size)
        {
            var (from, to) = axis.Taps(position, size);
            return includePad ? axis.PaddedTaps(position, size) : to - from;
        }
    }
}
