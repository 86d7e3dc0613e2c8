using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Tensors;

namespace CortexMl.Passes.Inputs;

/// <summary>
/// What reads an input: convolutions and dense layers with constant weights, directly or behind operations that move elements or limit
/// them, as the quantization of an input does in a network that was quantized before.
/// </summary>
internal sealed class Readers
{
    /// <summary>What offsets and gains that are computed may be beyond the reach.</summary>
    private const double Rounding = 1e-6;

    private readonly Value _input;

    /// <summary>In the order of the graph.</summary>
    private readonly IReadOnlyList<Operation> _operations;

    private Readers(Value input, IReadOnlyList<Operation> operations) => (_input, _operations) = (input, operations);

    private IEnumerable<Operation> Layers => _operations.Where(IsLayer);

    /// <summary>Null where anything else reads the input, or nothing.</summary>
    public static Readers? Of(Graph graph, Value input)
    {
        var (found, own) = (new HashSet<Operation>(), new HashSet<Value> { input });
        var open = new Stack<Value>(own);
        while (open.TryPop(out var value))
        {
            foreach (var use in value.Uses)
            {
                if (use.User is not { } user || !(IsPassed(user) || IsLayer(user))) return null;
                if (found.Add(user) && IsPassed(user) && own.Add(user.Result)) open.Push(user.Result);
            }
        }
        // What is joined with anything else is not this input's alone.
        return found.Any(IsLayer) && found.Where(IsPassed).SelectMany(move => move.Operands).All(own.Contains)
            ? new(input, [.. graph.Operations.Where(found.Contains)]) : null;
    }

    /// <summary>Of the weights of the most uneven layer: the mean square of the outputs' largest ones over that of all.</summary>
    public double PeakPower() => Layers.Max(layer =>
    {
        float[] weights = layer["weight"].Floats()!;
        int outputs = layer["weight"].Type.Shape[0], each = weights.Length / outputs;
        double peaks = weights.Chunk(each).Sum(row => row.Max(w => (double)w * w)), power = weights.Sum(w => (double)w * w);
        return power == 0 ? 1 : peaks * each / power;
    });

    /// <summary>
    /// Makes each layer compute of the centred input what it computed of the input; false, and nothing done, where the channels of one do
    /// not have one offset each, padding would be beyond the reach, or a limit would be another number for each channel.
    /// </summary>
    public bool TakeBack(CenteringChoice choice, PassContext context)
    {
        var centering = choice.Centering;
        bool isPadded = Layers.Any(layer => layer.Spec == NnConv.Conv2D && SlidingWindow.Of(layer).HasPadding);
        bool isWithin = Enumerable.Range(0, centering.Channels).All(c => Math.Abs(centering.Of(0, c)) <= choice.Reach * (1 + Rounding));
        bool isLimited = centering.Channels == 1 || _operations.Where(IsLimit).All(limit => IsIdle(limit, choice));
        if ((isPadded && !isWithin) || !isLimited || ChannelsOfLayers(centering) is not { } channels) return false;
        var moved = new Dictionary<Value, Value> { [_input] = _input };
        foreach (var operation in _operations)
        {
            if (IsLayer(operation)) TakeBack(operation, new CenteredData(moved[operation["data"]], choice, channels[operation]), context);
            else if (IsLimit(operation) && IsIdle(operation, choice)) moved[operation.Result] = moved[operation["data"]];
            else
            {
                var (row, attributes) = IsLimit(operation)
                    ? (NnUnary.Clip, RestoreFloat.Kept(operation, Limits(operation, centering))) : (operation.Spec, operation.Attributes);
                var move = context.Insert(operation, row, [.. operation.Operands.Select(o => moved[o])], attributes);
                context.Rewriter.SetType(move, move.Type with { Threshold = choice.Reach });
                moved[operation.Result] = move;
            }
        }
        foreach (var operation in _operations) context.Rewriter.EraseDead(operation);
        return true;
    }

    private static void TakeBack(Operation layer, CenteredData data, PassContext context)
    {
        var contraction = Contraction.Of(layer)!;
        bool isPadded = contraction.IsConvolution && SlidingWindow.Of(layer).HasPadding;
        var read = isPadded ? data.Padded(layer, context) : data.Value;
        var attributes = isPadded ? layer.Attributes.Without("padding") : layer.Attributes;
        context.Rewriter.Replace(layer.Result,
            contraction.ScaleInputs(layer, context, read, [.. data.Gains.Select(gain => 1 / gain)], data.Offsets, attributes));
    }

    /// <summary>For each layer: which channel of the input each channel of its data is of.</summary>
    private Dictionary<Operation, int[]>? ChannelsOfLayers(Centering centering)
    {
        var sources = new Dictionary<Value, Tensor<double>>();
        if (centering.Axis is { } axis) sources[_input] = Indices(_input.Type.Shape, axis);
        var layers = new Dictionary<Operation, int[]>();
        foreach (var operation in _operations)
        {
            if (IsLayer(operation))
            {
                int along = Contraction.Of(operation)!.DataAxis;
                var shape = operation["data"].Type.Shape;
                int[]? channels = centering.Axis is null ? new int[shape[along]] : Along(sources[operation["data"]], along);
                if (channels is null) return null;
                layers[operation] = channels;
            }
            else if (centering.Axis is not null && IsLimit(operation)) sources[operation.Result] = sources[operation["data"]];
            else if (centering.Axis is not null)
                sources[operation.Result] = NaiveKernels.Evaluate(operation, [.. operation.Operands.Select(o => sources[o])]);
        }
        return layers;
    }

    /// <summary>Each element's index along the axis.</summary>
    private static Tensor<double> Indices(Shape shape, int axis)
    {
        int inner = (int)Shape.Of(shape.Skip(axis + 1)).Count;
        return Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => (double)(i / inner % shape[axis]))]);
    }

    /// <summary>The element of each index along the axis; null where one index has several.</summary>
    private static int[]? Along(Tensor<double> tensor, int axis)
    {
        var indices = Indices(tensor.Shape, axis);
        int[] along = [.. Enumerable.Repeat(-1, tensor.Shape[axis])];
        for (int i = 0; i < tensor.Length; i++)
        {
            ref int own = ref along[(int)indices.Data[i]];
            if (own >= 0 && own != (int)tensor.Data[i]) return null;
            own = (int)tensor.Data[i];
        }
        return along;
    }

    private static bool IsPassed(Operation operation) =>
        IsLimit(operation) || operation.Spec.Is(OpTraits.Moves);

    private static bool IsLimit(Operation operation) => operation.Spec == NnUnary.Clip || operation.Spec == NnUnary.Relu;

    private static (double Least, double Greatest) LimitsOf(Operation limit) =>
        limit.Spec == NnUnary.Relu ? (0, double.PositiveInfinity) : (limit.Float("min"), limit.Float("max"));

    /// <summary>Whether no integer that stands for the centred input is beyond the limits.</summary>
    private static bool IsIdle(Operation limit, CenteringChoice choice)
    {
        var (least, greatest) = LimitsOf(limit);
        double reach = choice.Reach * (1 - Rounding);
        return Enumerable.Range(0, choice.Centering.Channels).All(c =>
            choice.Centering.Of(least, c) <= -reach && choice.Centering.Of(greatest, c) >= reach);
    }

    private static Attributes Limits(Operation limit, Centering centering)
    {
        var (least, greatest) = LimitsOf(limit);
        return Attributes.Of(("min", centering.Of(least, 0)), ("max", Math.Min(float.MaxValue, centering.Of(greatest, 0))));
    }

    private static bool IsLayer(Operation operation) => operation.Spec.Is(OpTraits.Product) && Contraction.Of(operation) is not null;
}
