using System.Runtime.CompilerServices;
using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>
/// A local rewrite of operations of one row: <c>Rule.On(Nn.Relu).Where(…).Rewrite(…)</c>. The rewrite returns the value that
/// replaces the first result, or null to decline; it may insert operations before the matched one, and must insert nothing when
/// it declines. The replacement has the type of what it replaces (integers may need fewer bits), unless the rule is
/// <see cref="Pattern.Retyping"/>.
/// </summary>
public sealed class Rule
{
    private readonly Func<Operation, bool> _where;

    private Rule(
        OpSpec spec, bool retypes, Func<Operation, bool> where, Func<Operation, PassContext, Value?> replacement, string source)
    {
        Name = $"{spec.Name}: {RewriteNote.Short(source)}";
        Retypes = retypes;
        Spec = spec;
        _where = where;
        Replacement = replacement;
    }

    /// <summary>
    /// The row and how the source spells what is made of it, for the log of rewrites: <c>nn.batch_norm: IntoConvolution</c>.
    /// </summary>
    public string Name { get; }

    public OpSpec Spec { get; }

    public Func<Operation, PassContext, Value?> Replacement { get; }

    public bool Applies(Operation operation) => _where(operation);

    /// <summary>Whether the replacement may have another type; those of everything behind it are then inferred again.</summary>
    public bool Retypes { get; }

    public static Pattern On(OpSpec spec) => new(spec, static _ => true);

    /// <summary>Operations whose operands fit: <c>Rule.On(NnBinary.Mul, Any("x"), Scalar("c"))</c>.</summary>
    public static OperandsPattern On(OpSpec spec, OperandPattern first, params OperandPattern[] others) =>
        new(spec, [first, .. others], static _ => true);

    /// <summary>The left-hand side of a rule.</summary>
    public sealed class Pattern(OpSpec spec, Func<Operation, bool> where, bool retypes = false)
    {
        public Pattern Where(Func<Operation, bool> condition) => new(spec, operation => where(operation) && condition(operation), retypes);

        /// <summary>The replacement may have another type.</summary>
        public Pattern Retyping() => new(spec, where, retypes: true);

        /// <param name="source">How the rewrite is spelled; the compiler fills it in.</param>
        public Rule Rewrite(
            Func<Operation, PassContext, Value?> replacement, [CallerArgumentExpression(nameof(replacement))] string source = "") =>
            new(spec, retypes, where, replacement, source);
    }

    /// <summary>A left-hand side that names operands.</summary>
    public sealed class OperandsPattern(
        OpSpec spec, IReadOnlyList<OperandPattern> operands, Func<RuleMatch, bool> where, bool retypes = false)
    {
        public OperandsPattern Where(Func<RuleMatch, bool> condition) =>
            new(spec, operands, match => where(match) && condition(match), retypes);

        /// <summary>The replacement may have another type.</summary>
        public OperandsPattern Retyping() => new(spec, operands, where, retypes: true);

        /// <summary>The first way to match for which the replacement is not null is taken.</summary>
        /// <param name="source">How the rewrite is spelled; the compiler fills it in.</param>
        public Rule Rewrite(
            Func<RuleMatch, PassContext, Value?> replacement, [CallerArgumentExpression(nameof(replacement))] string source = "") => new(
            spec, retypes, operation => Matches(operation).Any(),
            (operation, context) =>
                Matches(operation).Select(match => replacement(match, context)).FirstOrDefault(value => value is not null),
            source);

        private IEnumerable<RuleMatch> Matches(Operation operation) =>
            OperandPattern.MatchAll(operation, operands, new RuleMatch(operation)).Where(where);
    }
}
