using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Recurrent;

/// <summary>One step: from its number and the states before it to those behind it, [batch, hidden] each; null for zero.</summary>
internal delegate Value?[] CellStep(RecurrentCell cell, int step, Value?[] before);

/// <summary>One direction of a recurrent layer, and the operations of which its steps are made.</summary>
internal sealed class RecurrentCell
{
    private readonly OnnxNode _node;
    private readonly RecurrentSequence _sequence;
    private readonly int _direction;
    private readonly Value _ofInput;
    private readonly Dictionary<(int First, int Count), Value> _recurrence = [];
    private readonly Dictionary<int, Value> _biases = [];

    public RecurrentCell(OnnxNode node, RecurrentSequence sequence, int direction, Activations activations)
    {
        (_node, _sequence, _direction) = (node, sequence, direction);
        Activations = activations;
        var s = sequence;
        var rows = Step("input", NnShape.Reshape, [s.Data], ("shape", new[] { s.Steps * s.Batch, s.Inputs }));
        var weights = node.Floats($"weights{direction}", RecurrentSequence.Part(s.Weights, direction));
        _ofInput = Step("read", NnConv.Dense, [rows, weights, InputBias()]);
    }

    public Activations Activations { get; }

    public int Hidden => _sequence.Hidden;

    /// <summary>The states that the node is given, [directions, batch, hidden] from input 5 on, or zero.</summary>
    public Value?[] Initial(int states, bool isBatchFirst)
    {
        var s = _sequence;
        return [.. Enumerable.Range(0, states).Select(k => _node.Has(5 + k) ? Given(5 + k) : null)];

        Value? Given(int index)
        {
            if (_node.Known(index) is { } tensor && tensor.ToFloat().Data.All(v => v == 0)) return null;
            var value = _node.Data(index);
            var expected = isBatchFirst ? Shape.Of(s.Batch, s.Directions, s.Hidden) : Shape.Of(s.Directions, s.Batch, s.Hidden);
            if (value.Type.Shape != expected) throw _node.Mismatch($"input {index} {value.Type.Shape} where {expected} is needed");
            if (isBatchFirst) value = Step($"state{index}.turned", NnShape.Transpose, [value], ("axes", new[] { 1, 0, 2 }));
            if (s.Directions > 1)
                value = Step($"state{index}.own", NnShape.Slice, [value], ("begin", new[] { _direction, 0, 0 }),
                    ("end", new[] { _direction + 1, s.Batch, s.Hidden }), ("strides", new[] { 1, 1, 1 }));
            return Step($"state{index}", NnShape.Reshape, [value], ("shape", new[] { s.Batch, s.Hidden }));
        }
    }

    /// <summary>What the gates [first, first + count) read of the input at a step: [batch, count · hidden].</summary>
    public Value OfInput(int step, int first, int count)
    {
        var s = _sequence;
        return Step($"{step}.input{first}", NnShape.Slice, [_ofInput], ("begin", new[] { step * s.Batch, first * s.Hidden }),
            ("end", new[] { (step + 1) * s.Batch, (first + count) * s.Hidden }), ("strides", new[] { 1, 1 }));
    }

    /// <summary>What those gates read of a state, with the recurrence's own bias of one gate where it is not part of the input's.</summary>
    public Value OfState(int step, Value state, int first, int count, bool hasBias = false)
    {
        var key = (first, count);
        if (!_recurrence.TryGetValue(key, out var weights))
        {
            var all = RecurrentSequence.Part(_sequence.Recurrence, _direction);
            weights = _recurrence[key] = _node.Floats($"recurrence{_direction}.{first}", Rows(all, first, count));
        }
        return Step($"{step}.state{first}", NnConv.Dense, hasBias ? [state, weights, BiasOfState(first)] : [state, weights]);
    }

    /// <summary>The recurrence's bias of a gate alone: what it reads of a state that is zero.</summary>
    public Value BiasOfState(int gate)
    {
        if (_biases.TryGetValue(gate, out var known)) return known;
        var bias = RecurrentSequence.Part(_sequence.Bias, _direction).Data.AsSpan((_sequence.Gates + gate) * Hidden, Hidden);
        return _biases[gate] = _node.Floats($"recurrence{_direction}.{gate}.bias", Tensor.Vector(bias.ToArray()));
    }

    /// <summary>Columns of one gate.</summary>
    public Value Gate(int step, string name, Value gates, int index) => Step(
        $"{step}.{name}", NnShape.Slice, [gates], ("begin", new[] { 0, index * Hidden }),
        ("end", new[] { _sequence.Batch, (index + 1) * Hidden }), ("strides", new[] { 1, 1 }));

    /// <summary>Sum of what is read of the input and of the state; clipped where the node says so.</summary>
    public Value Sum(int step, string name, Value ofInput, Value? ofState)
    {
        var sum = ofState is null ? ofInput : Step($"{step}.{name}.sum", NnBinary.Add, [ofInput, ofState]);
        double limit = _node.Attributes.Float("clip", 0);
        return limit > 0 ? Step($"{step}.{name}.clip", NnUnary.Clip, [sum], ("min", -limit), ("max", limit)) : sum;
    }

    public Value Apply(int step, string name, int activation, Value value) =>
        Activations.Emit(_node, $"{_direction}.{step}.{name}", _direction, activation, value);

    public Value Step(string step, OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes) =>
        _node.Step($"{_direction}.{step}", row, operands, attributes);

    /// <summary>
    /// The input's bias with that of the recurrence added, but for the last gate of a GRU, which may multiply the recurrence first.
    /// </summary>
    private Value InputBias()
    {
        var bias = RecurrentSequence.Part(_sequence.Bias, _direction);
        int size = bias.Length / 2, apart = _sequence.Gates == GruCell.Gates ? size - Hidden : size;
        return _node.Floats($"bias{_direction}", Tensor.Vector(
            [.. Enumerable.Range(0, size).Select(i => bias.Data[i] + (i < apart ? bias.Data[size + i] : 0))]));
    }

    private Tensor<float> Rows(Tensor<float> matrix, int first, int count) => Tensor.Create(
        Shape.Of(count * Hidden, Hidden), matrix.Data.AsSpan(first * Hidden * Hidden, count * Hidden * Hidden).ToArray());
}
