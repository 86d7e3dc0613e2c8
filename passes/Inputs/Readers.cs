using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Inputs;

/// <summary>
/// What reads an input: convolutions and dense layers with constant weights, directly or behind operations that move elements.
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
                if (use.User is not { } user || !(IsMove(user) || (IsLayer(user) && use.Index == 0))) return null;
                if (found.Add(user) && IsMove(user) && own.Add(user.Result)) open.Push(user.Result);
            }
        }
        // What is joined with anything else is not this input's alone.
        return found.Any(IsLayer) && found.Where(IsMove).SelectMany(move => move.Operands).All(own.Contains)
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
    /// not have one offset each, or padding would be beyond the reach.
    /// </summary>
    public bool TakeBack(CenteringChoice choice, PassContext context)
    {
        var centering = choice.Centering;
        bool isPadded = Layers.Any(layer => layer.Spec == NnConv.Conv2D && SlidingWindow.Of(layer).HasPadding);
        bool isWithin = Enumerable.Range(0, centering.Channels).All(c => Math.Abs(centering.Of(0, c)) <= choice.Reach * (1 + Rounding));
        if ((isPadded && !isWithin) || ChannelsOfLayers(centering) is not { } channels) return false;
        var moved = new Dictionary<Value, Value> { [_input] = _input };
        foreach (var operation in _operations)
        {
            if (IsMove(operation))
            {
                var move = context.Insert(operation, operation.Spec, [.. operation.Operands.Select(o => moved[o])], operation.Attributes);
                context.Rewriter.SetType(move, move.Type with { Threshold = choice.Reach });
                moved[operation.Result] = move;
            }
            else TakeBack(operation, new CenteredData(moved[operation["data"]], choice, channels[operation]), context);
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

    private static bool IsMove(Operation operation) => operation.Spec.Is(OpTraits.Moves) && operation.Spec != NnLookup.Take;

    private static bool IsLayer(Operation operation) => operation.Spec.Is(OpTraits.Product) && Contraction.Of(operation) is not null;
}
