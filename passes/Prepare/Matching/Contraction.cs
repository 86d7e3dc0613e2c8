using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>A convolution or dense layer with constant weights, whose output channels are axis 0 of the weight.</summary>
internal sealed class Contraction
{
    private readonly Operation _operation;

    private Contraction(Operation operation) => _operation = operation;

    /// <summary>The layer that makes <paramref name="value"/>, where nobody else sees the value and weight and bias are constants.</summary>
    public static Contraction? Behind(Value value) => value.OnlyMadeBy(NnConv.Conv2D, NnConv.Dense) is { } operation ? Of(operation) : null;

    public static Contraction? Of(Operation operation) => operation.Operands.Skip(1).All(o => o.IsConstant) ? new Contraction(operation) : null;

    public Value Data => _operation.Operands[0];

    public bool IsConvolution => _operation.Spec == NnConv.Conv2D;

    /// <summary>The axis of the result along which output channels lie.</summary>
    public int ResultAxis => IsConvolution ? 1 : _operation.Result.Type.Shape.Rank - 1;

    /// <summary>The axis of the data along which input channels lie.</summary>
    public int DataAxis => IsConvolution ? 1 : Data.Type.Shape.Rank - 1;

    public int Outputs => Weight.Type.Shape[0];

    /// <summary>Elements of the weight that belong to one output channel.</summary>
    private int PerOutput => (int)(Weight.Type.Shape.Count / Outputs);

    private Value Weight => _operation.Operands[1];

    private Value? Bias => _operation.OperandAt(2);

    private float[] Weights => Weight.Floats()!;

    /// <summary>The layer whose result is <paramref name="scale"/>[o] times this one's plus <paramref name="offset"/>[o].</summary>
    public Value ScaleOutputs(Operation anchor, PassContext context, double[]? scale, double[]? offset)
    {
        double S(int o) => scale is null ? 1 : scale[o];
        float[] old = Weights;
        var weights = scale is null ? null : old.Select((w, i) => w * S(i / PerOutput)).ToArray();
        double[]? bias = Bias is null && offset is null ? null
            : [.. Enumerable.Range(0, Outputs).Select(o => (Bias is null ? 0.0 : Bias.Floats()![o]) * S(o) + (offset is null ? 0 : offset[o]))];
        return Rebuild(anchor, context, Data, weights, bias);
    }

    /// <summary>This layer applied to <paramref name="data"/>, where its own data is <paramref name="scale"/>[i]·data + <paramref name="offset"/>[i].</summary>
    public Value ScaleInputs(Operation anchor, PassContext context, Value data, float[]? scale, float[]? offset)
    {
        var weights = scale is null ? null : Weights.Select((w, at) => (double)w * scale[InputChannel(at)]).ToArray();
        double[]? bias = null;
        if (offset is not null)
        {
            bias = [.. Enumerable.Range(0, Outputs).Select(o => Bias is null ? 0.0 : Bias.Floats()![o])];
            for (int at = 0; at < Weights.Length; at++) bias[at / PerOutput] += (double)Weights[at] * offset[InputChannel(at)];
        }
        return Rebuild(anchor, context, data, weights, bias);
    }

    /// <summary>The data channel that the weight element at this position multiplies.</summary>
    private int InputChannel(int at)
    {
        if (!IsConvolution) return at % PerOutput;
        var shape = Weight.Type.Shape;
        int outputsPerGroup = Outputs / (int)_operation.Context.Int("groups");
        return at / PerOutput / outputsPerGroup * shape[1] + at / (shape[2] * shape[3]) % shape[1];
    }

    private Value Rebuild(Operation anchor, PassContext context, Value data, double[]? weights, double[]? bias)
    {
        var weight = weights is null ? Weight : context.Instead(anchor, Weight, Weight.Type.Shape, weights);
        var operands = new List<Value> { data, weight };
        if (bias is not null)
        {
            operands.Add(Bias is { } old ? context.Instead(anchor, old, old.Type.Shape, bias)
                : context.Constant(anchor, Emit.NameFor(_operation, "bias"), Tensors.Shape.Of(Outputs), bias));
        }
        else if (Bias is { } unchanged) operands.Add(unchanged);
        var rebuilt = context.Rewriter.Insert(anchor, _operation.Spec, operands, _operation.Attributes, _operation.Location);
        return rebuilt.Result;
    }
}
