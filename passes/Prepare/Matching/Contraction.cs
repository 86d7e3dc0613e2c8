using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>A convolution or dense layer with constant weights, whose output channels are axis 0 of the weight.</summary>
public sealed class Contraction
{
    private readonly Operation _operation;

    private Contraction(Operation operation)
    {
        _operation = operation;
        Weights = Weight.Floats()!;
        PerOutput = Weights.Length / Outputs;
    }

    /// <summary>
    /// The layer that makes <paramref name="value"/>, where nobody else sees the value and weight and bias are constants.
    /// </summary>
    public static Contraction? Behind(Value value) =>
        value is { HasOneUse: true, Producer: { } producer } && producer.Spec.Is(OpTraits.Product) ? Of(producer) : null;

    public static Contraction? Of(Operation operation) =>
        operation.Operands.Skip(1).All(o => o.IsConstant) ? new Contraction(operation) : null;

    public Value Data => _operation["data"];

    public bool IsConvolution => _operation.Spec == NnConv.Conv2D;

    /// <summary>The axis of the result along which output channels lie.</summary>
    public int ResultAxis => IsConvolution ? 1 : _operation.Result.Type.Shape.Rank - 1;

    /// <summary>The axis of the data along which input channels lie.</summary>
    public int DataAxis => IsConvolution ? 1 : Data.Type.Shape.Rank - 1;

    public int Outputs => Weight.Type.Shape[0];

    /// <summary>Elements of the weight that belong to one output channel.</summary>
    private int PerOutput { get; }

    private Value Weight => _operation["weight"];

    private Value? Bias => _operation.OperandAt(2);

    private float[] Weights { get; }

    /// <summary>The layer whose result is <paramref name="scale"/>[o] times this one's plus <paramref name="offset"/>[o].</summary>
    public Value ScaleOutputs(Operation anchor, PassContext context, double[]? scale, double[]? offset)
    {
        double[]? bias = Bias is null && offset is null ? null : Biases();
        for (int o = 0; bias is not null && o < Outputs; o++) bias[o] = bias[o] * (scale?[o] ?? 1) + (offset?[o] ?? 0);
        return Rebuild(anchor, context, Data, scale is null ? null : Rows(scale), bias);
    }

    /// <summary>
    /// This layer applied to <paramref name="data"/>, where its own data is <paramref name="scale"/>[i]·data + <paramref
    /// name="offset"/>[i].
    /// </summary>
    /// <param name="attributes">Null for its own.</param>
    public Value ScaleInputs(
        Operation anchor, PassContext context, Value data, double[]? scale, double[]? offset, Attributes? attributes = null)
    {
        int taps = PerOutput / Weight.Type.Shape[1];
        var weights = scale is null ? null : new float[Weights.Length];
        double[]? bias = offset is null ? null : Biases();
        for (int at = 0; at < Weights.Length; at += taps)
        {
            int output = at / PerOutput, input = FirstInput(output) + at % PerOutput / taps;
            for (int i = at; i < at + taps; i++)
            {
                if (weights is not null) weights[i] = (float)(Weights[i] * scale![input]);
                if (bias is not null) bias[output] += Weights[i] * offset![input];
            }
        }
        return Rebuild(anchor, context, data, weights, bias, attributes);
    }

    /// <summary>The weights of each output channel times its factor.</summary>
    private float[] Rows(double[] scale)
    {
        var scaled = new float[Weights.Length];
        for (int o = 0, at = 0; o < scale.Length; o++)
            for (int end = at + PerOutput; at < end; at++) scaled[at] = (float)(Weights[at] * scale[o]);
        return scaled;
    }

    /// <summary>A copy of the bias; zeros where there is none.</summary>
    private double[] Biases() => Bias is null ? new double[Outputs] : Array.ConvertAll(Bias.Floats()!, b => (double)b);

    /// <summary>The first data channel that an output channel sees.</summary>
    private int FirstInput(int output) => output / (Outputs / _operation.Groups()) * Weight.Type.Shape[1];

    private Value Rebuild(
        Operation anchor, PassContext context, Value data, float[]? weights, double[]? bias, Attributes? attributes = null)
    {
        var weight = weights is null ? Weight : context.Instead(anchor, Weight, Weight.Type.Shape, weights);
        var operands = new List<Value> { data, weight };
        if (bias is not null)
        {
            operands.Add(Bias is { } old ? context.Instead(anchor, old, old.Type.Shape, bias)
                : context.Constant(anchor, Insertion.NameFor(_operation, "bias"), Tensors.Shape.Of(Outputs), bias));
        }
        else if (Bias is { } unchanged) operands.Add(unchanged);
        var rebuilt = context.Rewriter.Insert(anchor, _operation.Spec, operands, attributes ?? _operation.Attributes, _operation.Location);
        return rebuilt.Result;
    }
}
