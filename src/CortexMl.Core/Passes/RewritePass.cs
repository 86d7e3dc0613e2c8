using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes;

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
            context.Services.Cancellation.ThrowIfCancellationRequested();
            foreach (var rule in rules[operation.Spec])
            {
                if (context.Rewriter.Exhausted) return false;
                if (!IsAlive(operation, graph)) break;
                if (!rule.Applies(operation)) continue;
                context.Rule = rule;
                var replacement = Replacement(rule, operation, graph, context);
                if (replacement is not null) context.Rewriter.Replace(operation.Results[0], replacement);
                context.Rule = null;
                if (replacement is null) continue;
                if (rule.Retypes) context.Rewriter.InferBehind(replacement);
                context.Rewriter.EraseDead(operation);
                changed = true;
                break;
            }
        }
        return changed;
    }

    /// <exception cref="InvalidOperationException">The rule does what none may: what it was, and on which operation.</exception>
    private static Value? Replacement(Rule rule, Operation operation, Graph graph, PassContext context)
    {
        string Where() => $"a rule on {rule.Spec.Name}, at %{Names.Of(graph)[operation.Results[0]]}";
        int version = graph.Version;
        Value? replacement;
        try
        {
            replacement = rule.Replacement(operation, context);
        }
        catch (Exception error) when ((error is not (DiagnosticException or OutOfMemoryException or RuleException) || IsOurs(error, graph))
            && !context.Services.IsEnd(error))
        {
            throw new InvalidOperationException($"{Where()}: {error.Message}", error);
        }
        if (replacement is null && graph.Version != version)
            throw new InvalidOperationException($"{Where()}: it changed the graph and then declined");
        var (old, own) = (operation.Results[0].Type, replacement?.Type);
        if (own is not null && !Fits(own, old) && !rule.Retypes)
            throw new InvalidOperationException($"{Where()}: it put {own} in the place of {old}");
        return replacement;
    }

    /// <summary>The same type, or integers of the same shape that need fewer bits.</summary>
    private static bool Fits(TensorType own, TensorType old) => own.Fits(old)
        || (own.Shape == old.Shape && own.Element.IsInteger && old.Element.IsInteger && own.Precision < old.Precision);

    /// <summary>Below the float level a rule of a row that is broken says that the CVM cannot hold the network.</summary>
    private static bool IsOurs(Exception error, Graph graph) => error is RuleException && graph.Level == Level.Float;

    private static bool IsAlive(Operation operation, Graph graph) =>
        operation.Results.Any(r => r.Uses.Count > 0) && graph.Contains(operation);
}
