using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Passes;

/// <summary>
/// A local rewrite of operations of one row: <c>Rule.On(Nn.Relu).Where(…).Rewrite(…)</c>. The rewrite returns the value that replaces the
/// first result, or null to decline; it may insert operations before the matched one, and must insert nothing when it declines.
/// </summary>
public sealed class Rule
{
    private readonly Func<Operation, bool> _where;

    private Rule(OpSpec spec, Func<Operation, bool> where, Func<Operation, PassContext, Value?> replacement)
    {
        Spec = spec;
        _where = where;
        Replacement = replacement;
    }

    public OpSpec Spec { get; }

    public Func<Operation, PassContext, Value?> Replacement { get; }

    public bool Applies(Operation operation) => _where(operation);

    public static Pattern On(OpSpec spec) => new(spec, static _ => true);

    /// <summary>The left-hand side of a rule.</summary>
    public sealed class Pattern(OpSpec spec, Func<Operation, bool> where)
    {
        public Pattern Where(Func<Operation, bool> condition) => new(spec, operation => where(operation) && condition(operation));

        public Rule Rewrite(Func<Operation, PassContext, Value?> replacement) => new(spec, where, replacement);
    }
}
