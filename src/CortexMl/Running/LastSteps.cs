using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>
/// Does in float what a compiled model leaves to the reader of its outputs. Not a part of the integer engines; sums run in the order of the
/// elements and the exponential is <see cref="PortableMath"/>'s, so that the same integers give the same bytes everywhere.
/// </summary>
public static class LastSteps
{
    /// <summary>
    /// What the network returns where a step is left: f32 of its shape. All other outputs as they are: integers stay integers.
    /// </summary>
    /// <param name="output">Integers of a compiled model, or reals of a float one.</param>
    public static Tensor OwnOutput(ModelPort port, Tensor output) =>
        port.LastStep is { } step ? Tensor.Create(Shape.Of(port.Shape), Apply(step, Reals(port, output))) : output;

    /// <summary>The elements as reals of the network's own output: integers divided by their scale, and the step that is left.</summary>
    public static float[] OwnReals(ModelPort port, Tensor output) =>
        port.LastStep is { } step ? Apply(step, Reals(port, output)) : Array.ConvertAll(Reals(port, output), x => (float)x);

    /// <summary>What the classes of a sample are ranked by: integers where they have the network's order, since floats may tie.</summary>
    public static Tensor Scores(Model model, SampleResult result) => model.Outputs[0] is { LastStep.KeepsOrder: false } port
        ? OwnOutput(port, result.Outputs[0]) : result.Outputs[0];

    private static double[] Reals(ModelPort port, Tensor output)
    {
        var reals = new double[output.Length];
        double scale = output is Tensor<int> ? port.Scale : 1;
        for (int i = 0; i < reals.Length; i++) reals[i] = output.GetDouble(i) / scale;
        return reals;
    }

    // softmax: e^(x - max) / Σ e^(x - max);  log_softmax: x - max - log Σ e^(x - max)
    private static float[] Apply(LastStep step, double[] x)
    {
        var result = new float[x.Length];
        int length = step.Shape[step.Axis], stride = step.Stride;
        for (int first = 0; first < x.Length; first++)
        {
            if (first / stride % length != 0) continue;
            double max = double.NegativeInfinity, sum = 0;
            for (int i = 0; i < length; i++) max = Math.Max(max, x[first + i * stride]);
            for (int i = 0; i < length; i++) sum += PortableMath.Exp(x[first + i * stride] - max);
            double log = PortableMath.Log(sum);
            for (int i = 0; i < length; i++)
            {
                double below = x[first + i * stride] - max;
                result[first + i * stride] = (float)(step.Op == LastStep.LogSoftmax ? below - log : PortableMath.Exp(below) / sum);
            }
        }
        return result;
    }
}
