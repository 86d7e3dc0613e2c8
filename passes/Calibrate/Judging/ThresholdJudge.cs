using CortexMl.Ir;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;

namespace CortexMl.Passes.Calibrate.Judging;

/// <summary>What a method would do with a value.</summary>
/// <param name="Threshold">Of the whole value.</param>
/// <param name="Scales">That layers would read it at.</param>
internal readonly record struct ThresholdChoice(double Threshold, Scale Scales);

/// <summary>
/// Compares thresholds of one value by what they make wrong at the results of the layers that read it: roundings measured on parts of
/// drawn samples, saturation as the statistics expect it, weighed by what it does to the results where the parts hold it.
/// </summary>
internal sealed class ThresholdJudge(IReadOnlyList<ValueStatistics> statistics, DrawnParts parts, IFloatEvaluator evaluator)
{
    /// <summary>Errors that are no further apart are the same: then the threshold is taken that cuts off least.</summary>
    private const double Alike = 1.05;

    /// <summary>Thresholds that are no further apart are the same.</summary>
    private const double Step = 1.02;

    /// <returns>The place of the best choice.</returns>
    public int Best(JudgedValue value, IReadOnlyList<ThresholdChoice> choices)
    {
        int[] order = [.. Enumerable.Range(0, choices.Count).OrderByDescending(c => choices[c].Threshold).ThenBy(c => c)];
        if (choices[order[0]].Threshold <= Step * choices[order[^1]].Threshold) return order[0];
        double[] errors = Errors(value, choices);
        double least = errors.Min();
        return order.First(c => errors[c] <= Alike * least);
    }

    /// <summary>For each choice the error at the readers' results, as shares of their power, added up.</summary>
    public double[] Errors(JudgedValue value, IReadOnlyList<ThresholdChoice> choices)
    {
        var shape = value.Part.Shape;
        var data = Tensor.Create(shape.With(0, shape[0] * parts.Samples), parts.Of(value.Place));
        double share = (double)parts.Samples * shape.Count / value.Part.Whole.Count;
        var saturation = new ExpectedSaturation(statistics[value.Place]);
        double[] expected = [.. choices.Select(c => share * saturation.Of(c.Scales))], errors = new double[choices.Count];
        var rounding = choices.Select(c => Rest(data, c.Scales, Rounded)).ToList();
        // What is cut off; where the parts hold nothing of it roundings, which do to the results what single large numbers do.
        var probes = choices.Select(c => Rest(data, c.Scales, Cut))
            .Zip(rounding, (cut, rounded) => LayerError.Power(cut.Data) > 0 ? cut : rounded).ToList();
        foreach (var operation in value.Readers)
        {
            using var reader = new ReaderError(operation, data, evaluator);
            if (reader.Power == 0) continue;
            for (int c = 0; c < choices.Count; c++)
            {
                double power = LayerError.Power(probes[c].Data), gain = power > 0 ? reader.OfData(probes[c]) / power : 0;
                errors[c] += (reader.Of(rounding[c], choices[c].Scales) + gain * expected[c]) / reader.Power;
            }
        }
        return errors;
    }

    /// <summary>What becomes of a number of scaled data, less the number.</summary>
    private delegate double Loss(double scaled);

    private static double Rounded(double scaled) =>
        Math.Abs(scaled) <= Bound ? Rounding.Clamped(scaled, Bound) - scaled : 0;

    private static double Cut(double scaled) => Math.Clamp(scaled, -Bound, Bound) - scaled;

    private static long Bound { get; } = Precisions.Bound(DemandPrecision.Data);

    private static Tensor<float> Rest(Tensor<float> value, Scale scales, Loss loss)
    {
        var rest = Tensor.Zeros<float>(value.Shape);
        int inner = (int)Shape.Of(value.Shape.Skip(2)).Count, channels = value.Shape[1];
        for (int i = 0; i < rest.Length; i++)
        {
            double scale = scales.At(i / inner % channels);
            rest.Data[i] = (float)(loss(value.Data[i] * scale) / scale);
        }
        return rest;
    }
}
