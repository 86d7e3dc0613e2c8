using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Recurrent;

/// <summary>What all steps and both directions of a recurrent layer share: the input, sizes, and how its outputs are joined.</summary>
internal sealed class RecurrentSequence
{
    private readonly OnnxNode _node;

    /// <param name="data">[steps, batch, inputs]</param>
    /// <param name="gates">Rows of hidden_size in each weight matrix.</param>
    /// <exception cref="NodeException">Weights do not fit, or the length of samples is not that of the sequence.</exception>
    public RecurrentSequence(OnnxNode node, Value data, int gates, int directions)
    {
        (_node, Data, Gates, Directions) = (node, data, gates, directions);
        (Steps, Batch, Inputs) = (data.Type.Shape[0], data.Type.Shape[1], data.Type.Shape[2]);
        Weights = Constant(1, "the weights");
        Recurrence = Constant(2, "the recurrence weights");
        if (Recurrence.Shape.Rank != 3)
            throw node.Mismatch($"the recurrence weights {Recurrence.Shape} are not [directions, gates, hidden]");
        Hidden = Recurrence.Shape[2];
        Expect(Weights, "the weights", Directions, Gates * Hidden, Inputs);
        Expect(Recurrence, "the recurrence weights", Directions, Gates * Hidden, Hidden);
        // Each direction gets its part of the constants.
        node.Reserve(Weights.Shape.Select(d => (long)d), DType.F32);
        node.Reserve(Recurrence.Shape.Select(d => (long)d), DType.F32);
        Bias = node.Has(3) ? Constant(3, "the bias") : Tensor.Zeros<float>(Shape.Of(Directions, 2 * Gates * Hidden));
        Expect(Bias, "the bias", Directions, 2 * Gates * Hidden);
        if (node.Attributes.Int("hidden_size", Hidden) != Hidden)
            throw node.Mismatch($"hidden_size = {node.Attributes.Int("hidden_size", 0)} where the weights have {Hidden}");
        if (node.Has(4) && node.Longs(4, "the lengths of samples").Any(length => length != Steps))
            throw node.Refused($"samples are shorter than {Counted.Of(Steps, "step")}", "cut the sequence to the steps that count");
    }

    public Value Data { get; }

    public int Gates { get; }

    public int Directions { get; }

    public int Steps { get; }

    public int Batch { get; }

    public int Inputs { get; }

    public int Hidden { get; }

    /// <summary>[directions, gates · hidden, inputs]</summary>
    public Tensor<float> Weights { get; }

    /// <summary>[directions, gates · hidden, hidden]</summary>
    public Tensor<float> Recurrence { get; }

    /// <summary>[directions, 2 · gates · hidden]: of the input, then of the recurrence.</summary>
    public Tensor<float> Bias { get; }

    /// <summary>The part of one direction of a constant whose first axis is directions.</summary>
    public static Tensor<float> Part(Tensor<float> tensor, int direction)
    {
        var shape = Shape.Of(tensor.Shape.Skip(1));
        int size = (int)shape.Count;
        return Tensor.Create(shape, tensor.Data.AsSpan(direction * size, size).ToArray());
    }

    /// <summary>States of all steps as [steps, 1, batch, hidden].</summary>
    public Value Joined(IReadOnlyList<Value> states, int direction)
    {
        var rows = states.Count == 1 ? states[0] : _node.Step($"steps{direction}", NnShape.Concat, states, ("axis", 0));
        return _node.Step($"outputs{direction}", NnShape.Reshape, [rows], ("shape", new[] { Steps, 1, Batch, Hidden }));
    }

    /// <summary>A last state as [1, batch, hidden].</summary>
    public Value End(Value state, int direction, int output) =>
        _node.Step($"end{output}.{direction}", NnShape.Reshape, [state], ("shape", new[] { 1, Batch, Hidden }));

    private Tensor<float> Constant(int index, string what) => _node.Constant(index, what).ToFloat();

    private void Expect(Tensor<float> tensor, string what, params int[] dims)
    {
        if (tensor.Shape != Shape.Of(dims)) throw _node.Mismatch($"{what} {tensor.Shape} where {Shape.Of(dims)} is needed");
    }
}
