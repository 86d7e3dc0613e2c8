using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.Onnx.Recurrent;

/// <summary>The functions of a recurrent node, for each direction as many as its definition has.</summary>
internal sealed class Activations
{
    private static readonly (string Name, OpSpec Row)[] Plain =
    [
        ("Sigmoid", NnUnary.Sigmoid), ("Tanh", NnUnary.Tanh), ("Relu", NnUnary.Relu), ("Softsign", NnUnary.Softsign),
        ("Softplus", NnUnary.Softplus),
    ];

    private readonly string[] _names;
    private readonly int _each;

    /// <param name="usual">What they are where the node says nothing.</param>
    /// <exception cref="NodeException">Functions with parameters of their own, or another number of them.</exception>
    public Activations(OnnxNode node, params string[] usual)
    {
        _each = usual.Length;
        _names = node.Attributes.Texts("activations") is { Length: > 0 } given ? given : usual;
        if (_names.Length % _each != 0) throw node.Mismatch($"{Counted.Of(_names.Length, "activation")} where each direction has {_each}");
        foreach (string name in _names)
            if (Find(name) is null)
                throw node.Attributes.Unsupported("activations", string.Join(", ", Plain.Select(p => p.Name)));
    }

    public Value Emit(OnnxNode node, string step, int direction, int index, Value value)
    {
        // Fewer than two directions have: both are the same.
        string name = _names[(direction * _each + index) % _names.Length];
        return node.Step(step, Find(name)!, [value]);
    }

    private static OpSpec? Find(string name) =>
        Plain.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)).Row;
}
