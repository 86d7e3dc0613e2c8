using System.Collections.Immutable;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops;

/// <summary>What a rule of a row sees: operand types, and attributes with the row's defaults filled in.</summary>
public sealed class RuleContext(OpSpec spec, IReadOnlyList<TensorType> operands, Attributes attributes, SourceLocation? location = null)
{
    public OpSpec Spec { get; } = spec;

    public IReadOnlyList<TensorType> Operands { get; } = operands;

    public Attributes Attributes { get; } = attributes;

    public SourceLocation Location { get; } = location ?? SourceLocation.Unknown;

    /// <summary>Shape of operand <paramref name="index"/>.</summary>
    public Shape Shape(int index) => Operands[index].Shape;

    public int Precision(int index) => Operands[index].Precision;

    /// <summary>Whether the optional operand at this index is given.</summary>
    public bool Has(int index) => index < Operands.Count;

    /// <summary>Given value or default; null for an attribute that is absent and has none.</summary>
    public AttributeValue? Get(string name) => Attributes[name] ?? Spec.Attribute(name)?.Default;

    public long Int(string name) => ((AttributeValue.Int)Get(name)!).Value;

    /// <summary>Groups of channels that a product works on apart; 1 for a row that has no such attribute.</summary>
    public int Groups => Spec.Attribute("groups") is null ? 1 : (int)Int("groups");

    public double Float(string name) => Get(name) switch
    {
        AttributeValue.Float f => f.Value,
        AttributeValue.Int i => i.Value,
        _ => throw new InvalidOperationException($"{Spec.Name}.{name} is no float"),
    };

    public bool Bool(string name) => ((AttributeValue.Bool)Get(name)!).Value;

    public string Text(string name) => ((AttributeValue.Text)Get(name)!).Value;

    public ImmutableArray<long> Ints(string name) => ((AttributeValue.Ints)Get(name)!).Value;

    /// <summary>The two elements of a pair such as strides.</summary>
    public (long H, long W) Pair(string name)
    {
        var ints = Ints(name);
        return (ints[0], ints[1]);
    }

    /// <summary>An exception to throw: the runtime's logic error, with what was found and what is allowed.</summary>
    public RuleException Logic(string message, string? hint = null) => new(FailureClass.Logic, message, hint);

    /// <summary>An exception to throw: the runtime's runtime error.</summary>
    public RuleException Runtime(string message, string? hint = null) => new(FailureClass.Runtime, message, hint);
}
