using System.Collections.Immutable;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Ir;

/// <summary>
/// An operation as rules, passes and kernels see it, under the name <c>op</c>: its row, operand types and attributes. One that stands in a
/// graph is an <see cref="Operation"/>, one that is only asked about a <see cref="ProposedOperation"/>.
/// </summary>
public interface IOperation
{
    OpSpec Spec { get; }

    /// <summary>As they are written; <see cref="OperationView.Get"/> fills in the row's defaults.</summary>
    Attributes Attributes { get; }

    SourceLocation Location { get; }

    int OperandCount { get; }

    TensorType OperandType(int index);
}

/// <summary>What is asked of an operation: operands by the names that its row gives them, attributes with the row's defaults.</summary>
public static class OperationView
{
    public static IEnumerable<TensorType> OperandTypes(this IOperation op) => Enumerable.Range(0, op.OperandCount).Select(op.OperandType);

    /// <summary>Shape of operand <paramref name="index"/>.</summary>
    public static Shape Shape(this IOperation op, int index) => op.OperandType(index).Shape;

    /// <summary>Shape of the operand that the row calls <paramref name="operand"/>.</summary>
    public static Shape Shape(this IOperation op, string operand) => op.Shape(op.Spec.OperandIndex(operand));

    public static int Precision(this IOperation op, int index) => op.OperandType(index).Precision;

    public static int Precision(this IOperation op, string operand) => op.Precision(op.Spec.OperandIndex(operand));

    /// <summary>Whether the optional operand at this index is given.</summary>
    public static bool Has(this IOperation op, int index) => index < op.OperandCount;

    /// <summary>Whether the optional operand of this name is given.</summary>
    public static bool Has(this IOperation op, string operand) => op.Has(op.Spec.OperandIndex(operand));

    /// <summary>Groups of channels that a product works on apart; 1 for a row that has no such attribute.</summary>
    public static int Groups(this IOperation op) => op.Spec.Attribute("groups") is null ? 1 : (int)op.Int("groups");

    /// <summary>Given value or default; null for an attribute that is absent and has none.</summary>
    public static AttributeValue? Get(this IOperation op, string name) => op.Attributes[name] ?? op.Spec.Attribute(name)?.Default;

    public static long Int(this IOperation op, string name) => ((AttributeValue.Int)op.Get(name)!).Value;

    public static double Float(this IOperation op, string name) => op.Get(name) switch
    {
        AttributeValue.Float f => f.Value,
        AttributeValue.Int i => i.Value,
        _ => throw new InvalidOperationException($"{op.Spec.Name}.{name} is no float"),
    };

    public static bool Bool(this IOperation op, string name) => ((AttributeValue.Bool)op.Get(name)!).Value;

    public static string Text(this IOperation op, string name) => ((AttributeValue.Text)op.Get(name)!).Value;

    public static ImmutableArray<long> Ints(this IOperation op, string name) => ((AttributeValue.Ints)op.Get(name)!).Value;

    /// <summary>The two elements of a pair such as strides.</summary>
    public static (long H, long W) Pair(this IOperation op, string name)
    {
        var ints = op.Ints(name);
        return (ints[0], ints[1]);
    }

    /// <summary>An exception to throw: the runtime's logic error, with what was found and what is allowed.</summary>
    public static RuleException Logic(this IOperation op, string message, string? hint = null) => new(FailureClass.Logic, message, hint);

    /// <summary>An exception to throw: the runtime's runtime error.</summary>
    public static RuleException Runtime(this IOperation op, string message, string? hint = null) =>
        new(FailureClass.Runtime, message, hint);
}

/// <summary>An operation that is in no graph: what a rule is asked before one is made.</summary>
public sealed class ProposedOperation(
    OpSpec spec, IReadOnlyList<TensorType> operands, Attributes attributes, SourceLocation? location = null) : IOperation
{
    public OpSpec Spec { get; } = spec;

    public Attributes Attributes { get; } = attributes;

    public SourceLocation Location { get; } = location ?? SourceLocation.Unknown;

    public int OperandCount => operands.Count;

    public TensorType OperandType(int index) => operands[index];
}

/// <summary>Operands or attributes do not fit a row. Whoever applies the row turns it into a diagnostic with a location.</summary>
public sealed class RuleException(FailureClass failure, string message, string? hint = null) : Exception(message)
{
    /// <summary>The class in which the CVM runtime reports it.</summary>
    public FailureClass Class { get; } = failure;

    public string? Hint { get; } = hint;
}
