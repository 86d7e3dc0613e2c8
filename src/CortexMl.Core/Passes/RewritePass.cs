using System.Runtime.CompilerServices;
using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>
/// A local rewrite of operations of one row: <c>Rule.On(Nn.Relu).Where(…).Rewrite(…)</c>. The rewrite returns the value that
/// replaces the first result, or null to decline; it may insert operations before the matched one, and must insert nothing when
/// it declines.
/// </summary>
public sealed class Rule
{
    private readonly Func<Operation, bool> _where;

    private Rule(OpSpec spec, Func<Operation, bool> where, Func<Operation, PassContext, Value?> replacement, string name)
    {
        Spec = spec;
        _where = where;
        Replacement = replacement;
        Name = name;
    }

    /// <summary>
    /// The row and how the source spells what is made of it, for the log of rewrites: <c>nn.batch_norm: IntoConvolution</c>.
    /// </summary>
    public string Name { get; }

    public OpSpec Spec { get; }

    public Func<Operation, PassContext, Value?> Replacement { get; }

    public bool Applies(Operation operation) => _where(operation);

    public static Pattern On(OpSpec spec) => new(spec, static _ => true);

    /// <summary>The left-hand side of a rule.</summary>
    public sealed class Pattern(OpSpec spec, Func<Operation, bool> where)
    {
        public Pattern Where(Func<Operation, bool> condition) => new(spec, operation => where(operation) && condition(operation));

        /// <param name="source">How the rewrite is spelled; the compiler fills it in.</param>
        public Rule Rewrite(
            Func<Operation, PassContext, Value?> replacement, [CallerArgumentExpression(nameof(replacement))] string source = "") =>
            new(spec, where, replacement, $"{spec.Name}: {RewriteNote.Short(source)}");
    }
}

/// <summary>A pass that is a list of local rules, applied front to back until none fires (or the rewrite limit is reached).</summary>
public abstract class RewritePass : Pass
{
    /// <summary>A graph that still changes after this many sweeps has rules that undo each other.</summary>
    private const int MaxSweeps = 100;

    protected abstract IEnumerable<Rule> Rules { get; }

    public override void Run(Graph graph, PassContext context)
    {
        var rules = Rules.ToLookup(r => r.Spec);
        for (int sweep = 0; sweep < MaxSweeps; sweep++)
        {
            if (!Sweep(graph, context, rules)) return;
        }
        throw new InvalidOperationException($"{Info.Name} still rewrites after {MaxSweeps} sweeps");
    }

    private static bool Sweep(Graph graph, PassContext context, ILookup<OpSpec, Rule> rules)
    {
        bool changed = false;
        foreach (var operation in graph.Operations.ToList())
        {
            foreach (var rule in rules[operation.Spec])
            {
                if (context.Rewriter.Exhausted) return false;
                if (!IsAlive(operation, graph)) break;
                if (!rule.Applies(operation)) continue;
                int version = graph.Version;
                context.Rule = rule;
                if (rule.Replacement(operation, context) is not { } replacement)
                {
                    if (graph.Version == version) continue;
                    throw new InvalidOperationException($"a rule on {rule.Spec.Name} changed the graph and then declined");
                }
                context.Rewriter.Replace(operation.Results[0], replacement);
                context.Rule = null;
                context.Rewriter.EraseDead(operation);
                changed = true;
                break;
            }
        }
        return changed;
    }

    private static bool IsAlive(Operation operation, Graph graph) =>
        operation.Results.Any(r => r.Uses.Count > 0) && graph.Contains(operation);
}
