using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Tensors;

namespace CortexMl.Reports;

/// <summary>
/// Hears of quantize, and compares the constants of layers before and behind it: outputs, inputs and biases that became 0, where what
/// got lost is more than rounding loses anyway.
/// </summary>
internal sealed class Underflow : IPassInstrumentation
{
    private readonly Dictionary<string, Queue<LayerConstants>> _layers = new(StringComparer.Ordinal);

    /// <summary>What is known of the layer at the head of its queue: integers that are not 0 for each output and channel.</summary>
    private readonly Dictionary<LayerConstants, LayerLoss> _open = new(ReferenceEqualityComparer.Instance);

    /// <summary>Told at once, so that no layer's weights are kept for it.</summary>
    private readonly List<Diagnostic> _doubts = [];

    /// <summary>One for each layer that lost something, in the order of the graph.</summary>
    public IReadOnlyList<Diagnostic> Doubts => _doubts;

    public void Before(PassInfo pass, PassOptions options, Graph graph)
    {
        if (pass.Name != Quantize.Record.Name) return;
        foreach (var layer in LayerConstants.Of(graph))
        {
            if (!_layers.TryGetValue(layer.Weight, out var queue)) _layers[layer.Weight] = queue = [];
            queue.Enqueue(layer);
        }
    }

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites)
    {
        if (pass.Name != Quantize.Record.Name) return;
        foreach (var operation in graph.Operations) Compare(operation);
        _layers.Clear();
        _open.Clear();
    }

    private void Compare(Operation operation)
    {
        bool isProduct = operation.Spec.Is(OpTraits.Product);
        if (!isProduct && operation.Spec != CvmBinary.BroadcastMul) return;
        var weight = operation.Operands[1];
        if (weight.Constant?.Tensor is not Tensor<int> integers || QueueOf(weight.Name!) is not { Count: > 0 } queue) return;
        var layer = queue.Peek();
        if (!_open.TryGetValue(layer, out var loss)) _open[layer] = loss = new LayerLoss(layer);
        var bias = isProduct && operation.Operands.Count > 2 ? operation.Operands[2].Constant?.Tensor as Tensor<int> : null;
        loss.Add(integers, bias);
        if (loss.IsOpen) return;
        queue.Dequeue();
        if (loss.Doubt() is { } doubt) _doubts.Add(doubt);
    }

    /// <summary>A constant that several layers have, or that is cut into parts, has a number behind its name from then on.</summary>
    private Queue<LayerConstants>? QueueOf(string name)
    {
        if (_layers.TryGetValue(name, out var exact) && exact.Count > 0) return exact;
        int dot = name.LastIndexOf('.');
        return dot > 0 && name[(dot + 1)..].All(char.IsAsciiDigit) ? _layers.GetValueOrDefault(name[..dot]) : null;
    }
}
