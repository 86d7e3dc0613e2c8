using CortexMl.Diagnostics;

namespace CortexMl.Ir;

/// <summary>One operation: a row of the operator table applied to values. Operands change through <see cref="Rewriter"/> only.</summary>
public sealed class Operation : IOperation
{
    private readonly Value[] _operands;
    private readonly Value[] _results;

    internal Operation(
        OpSpec spec, IReadOnlyList<Value> operands, Attributes attributes, IReadOnlyList<TensorType> types, SourceLocation location,
        ConstantData? constant = null)
    {
        Spec = spec;
        _operands = [.. operands];
        Attributes = attributes;
        Location = location;
        Constant = constant;
        _results = [.. types.Select((type, i) => new Value(type, null, this, i))];
        for (int i = 0; i < _operands.Length; i++) _operands[i].AddUse(new Use(this, i));
    }

    /// <summary>Neighbours in the graph's order.</summary>
    internal Operation? Previous { get; set; }

    internal Operation? Next { get; set; }

    public OpSpec Spec { get; }

    public IReadOnlyList<Value> Operands => _operands;

    public IReadOnlyList<Value> Results => _results;

    /// <summary>The only result, for the many operators that have one.</summary>
    public Value Result => _results.Length == 1 ? _results[0]
        : throw new InvalidOperationException($"{Spec.Name} has {Counted.Of(_results.Length, "result")}");

    public Attributes Attributes { get; internal set; }

    public SourceLocation Location { get; internal set; }

    /// <summary>The payload of a constant operation, null for all others.</summary>
    public ConstantData? Constant { get; }

    int IOperation.OperandCount => _operands.Length;

    TensorType IOperation.OperandType(int index) => _operands[index].Type;

    /// <summary>The operand that the row calls so, which is none of its optional ones.</summary>
    public Value this[string operand] => _operands[Spec.OperandIndex(operand)];

    /// <summary>The optional operand with this name, or null where it was left out.</summary>
    public Value? Operand(string name)
    {
        int index = Spec.OperandIndex(name);
        return index < _operands.Length ? _operands[index] : null;
    }

    internal void SetOperand(int index, Value value)
    {
        _operands[index].RemoveUse(new Use(this, index));
        _operands[index] = value;
        value.AddUse(new Use(this, index));
    }

    internal void DropOperands()
    {
        for (int i = 0; i < _operands.Length; i++) _operands[i].RemoveUse(new Use(this, i));
    }

    public override string ToString() => $"{Spec.Name}({string.Join(", ", _operands.Select(o => o.ToString()))})";
}
