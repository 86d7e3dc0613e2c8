using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>
/// What a rule asks of an operand: <c>Rule.On(NnBinary.Mul, Any("x"), Scalar("c"))</c>. Patterns of constants and of operations are made by
/// CortexMl.Passes; own ones derive from this.
/// </summary>
public abstract class OperandPattern
{
    /// <summary>
    /// The ways in which the value fits, none where it does not. There are several where operands of a commutative row may stand either
    /// way.
    /// </summary>
    /// <param name="value">The operand.</param>
    /// <param name="found">What matched before it, the operation that the rule is about among it.</param>
    public abstract IEnumerable<RuleMatch> Matches(Value value, RuleMatch found);

    /// <summary>This pattern; the value that fits is called <paramref name="name"/> in the match.</summary>
    public OperandPattern As(string name) => new NamedPattern(this, name);

    /// <summary>All operands at once: as many as there are patterns, of commutative rows in either order.</summary>
    public static IEnumerable<RuleMatch> MatchAll(Operation operation, IReadOnlyList<OperandPattern> patterns, RuleMatch found)
    {
        if (operation.Operands.Count != patterns.Count) return [];
        var straight = InOrder(operation.Operands, patterns, found);
        return operation.Operands.Count == 2 && operation.Spec.Is(OpTraits.Commutative)
            ? straight.Concat(InOrder([operation.Operands[1], operation.Operands[0]], patterns, found)) : straight;
    }

    private static IEnumerable<RuleMatch> InOrder(IReadOnlyList<Value> operands, IReadOnlyList<OperandPattern> patterns, RuleMatch found)
    {
        IEnumerable<RuleMatch> matches = [found];
        for (int i = 0; i < patterns.Count; i++)
        {
            var (operand, pattern) = (operands[i], patterns[i]);
            matches = matches.SelectMany(match => pattern.Matches(operand, match));
        }
        return matches;
    }

    private sealed class NamedPattern(OperandPattern pattern, string name) : OperandPattern
    {
        public override IEnumerable<RuleMatch> Matches(Value value, RuleMatch found) =>
            pattern.Matches(value, found).Select(match => match.With(name, value)).OfType<RuleMatch>();
    }
}

/// <summary>An operation whose operands fit a rule's patterns, with the values that those name.</summary>
public sealed class RuleMatch
{
    private readonly (string Name, Value Value, RuleMatch Before)? _last;

    /// <summary>The operation, and nothing named yet.</summary>
    public RuleMatch(Operation operation) => Operation = operation;

    private RuleMatch(string name, Value value, RuleMatch before) => (Operation, _last) = (before.Operation, (name, value, before));

    /// <summary>The operation that the rule is about.</summary>
    public Operation Operation { get; }

    /// <exception cref="ArgumentException">No pattern names a value so.</exception>
    public Value this[string name] => Find(name) ?? throw new ArgumentException($"no operand pattern of the rule is named '{name}'");

    /// <summary>One name more; null where it already stands for another value: of <c>x · x</c> both are the same.</summary>
    public RuleMatch? With(string name, Value value)
    {
        var known = Find(name);
        return known is null ? new RuleMatch(name, value, this) : ReferenceEquals(known, value) ? this : null;
    }

    private Value? Find(string name)
    {
        for (var match = this; match._last is { } last; match = last.Before)
            if (last.Name == name) return last.Value;
        return null;
    }
}
