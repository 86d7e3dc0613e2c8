using System.Runtime.CompilerServices;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Products;

namespace CortexMl.Passes.Quantize.Channels;

/// <summary>
/// A layer that multiplies the channels of one value with its weights, and the error that scales of the channels make there.
/// </summary>
/// <param name="Most">[outputs, inputs of a group]: the largest |w| over the taps.</param>
/// <param name="Squares">Alike: Σ w² over the taps.</param>
/// <param name="Taps">Weights for each output and input.</param>
internal sealed record ProductReader(Value Data, double[] Most, double[] Squares, int Outputs, int Inputs, int Taps, int Groups)
{
    /// <summary>Mean square of a number as a share of its threshold's: a quarter of the threshold is a usual deviation.</summary>
    public const double Power = 1.0 / 16;

    /// <summary>Whether the weights of an output are multiples of a unit, which scales that are all the same leave as they are.</summary>
    public required bool[] OnGrid { get; init; }

    /// <summary>How far the result reaches, in real units.</summary>
    public required double ResultReach { get; init; }

    /// <returns>Null for an operation that reads no channels.</returns>
    public static ProductReader? Of(Operation op)
    {
        if (!op.Spec.Is(OpTraits.Product) || !op["weight"].IsConstant) return null;
        var weight = op["weight"].Constant!;
        var shape = weight.Tensor.Shape;
        int outputs = shape[0], inputs = shape[1], taps = (int)(shape.Count / Math.Max(1, outputs * inputs));
        int groups = op.Spec == NnConv.Conv2D ? (int)op.Int("groups") : 1;
        var most = new double[outputs * inputs];
        var squares = new double[outputs * inputs];
        var floats = weight.Floats.ToArray();
        int row = inputs * taps;
        var onGrid = new bool[outputs];
        Parallel.For(0, outputs, o =>
        {
            Sum(floats.AsSpan(o * row, row), taps, most.AsSpan(o * inputs, inputs), squares.AsSpan(o * inputs, inputs));
            onGrid[o] = WeightGrid.Of(floats.AsSpan(o * row, row)) > 0;
        });
        return new ProductReader(
            Data: op["data"], Most: most, Squares: squares, Outputs: outputs, Inputs: inputs, Taps: taps, Groups: groups)
        {
            OnGrid = onGrid, ResultReach = Demands.Threshold(op.Result),
        };
    }

    /// <summary>The largest |w| and Σ w² of each input of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(ReadOnlySpan<float> row, int taps, Span<double> most, Span<double> squares)
    {
        for (int i = 0; i < most.Length; i++)
        {
            double largest = 0, sum = 0;
            foreach (float w in row.Slice(i * taps, taps))
            {
                largest = Math.Max(largest, Math.Abs((double)w));
                sum += (double)w * w;
            }
            (most[i], squares[i]) = (largest, sum);
        }
    }

    /// <summary>The largest |w| that each channel of the data meets, as a share of the largest of all.</summary>
    public double[] ColumnReach()
    {
        var columns = new double[Groups * Inputs];
        for (int o = 0; o < Outputs; o++)
            for (int i = 0; i < Inputs; i++)
            {
                int channel = Group(o) * Inputs + i;
                columns[channel] = Math.Max(columns[channel], Most[o * Inputs + i]);
            }
        double largest = columns.Max();
        return largest > 0 ? [.. columns.Select(c => c / largest)] : columns;
    }

    /// <summary>
    /// Expected squared error of an output element, as a share of the square of the result's reach: of rounding the data,
    /// w² / (12 s²) for each term, and of rounding the weights to 8 bits of their row, δ² x² / 12.
    /// </summary>
    /// <param name="scales">Of each channel of the data.</param>
    /// <param name="reach">How far each channel reaches.</param>
    public double Error(double[] scales, double[] reach)
    {
        var (data, weights) = Errors(scales, reach);
        return data + weights;
    }

    /// <summary>The two parts of <see cref="Error"/>.</summary>
    public (double Data, double Weights) Errors(double[] scales, double[] reach)
    {
        if (ResultReach <= 0) return (0, 0);
        // Of each channel: 1 / s, and the mean square of its numbers at its scale.
        double[] steps = [.. scales.Select(s => 1 / s)], powers = [.. scales.Zip(reach, (s, r) => Taps * Power * (s * r) * (s * r))];
        var errors = new (double Data, double Weights)[Outputs];
        Parallel.For(0, Outputs, o => errors[o] = ErrorsOf(o, steps, powers));
        // Summed in one order, however many threads there are.
        double data = 0, weights = 0;
        foreach (var (fromData, fromWeights) in errors)
        {
            data += fromData;
            weights += fromWeights;
        }
        double unit = 12 * Outputs * ResultReach * ResultReach;
        return (data / unit, weights / unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (double Data, double Weights) ErrorsOf(int output, double[] steps, double[] powers)
    {
        int from = Group(output) * Inputs;
        ReadOnlySpan<double> step = steps.AsSpan(from, Inputs), most = Most.AsSpan(output * Inputs, Inputs);
        double rounding = 0, widest = 0, power = 0;
        bool same = true;
        for (int i = 0; i < step.Length; i++)
        {
            same &= step[i] == step[0];
            rounding += Squares[output * Inputs + i] * step[i] * step[i];
            widest = Math.Max(widest, most[i] * step[i]);
            power += powers[from + i];
        }
        widest /= DemandPrecision.WeightBound;
        return (rounding, same && OnGrid[output] ? 0 : widest * widest * power);
    }

    private int Group(int output) => output / Math.Max(1, Outputs / Groups);
}
