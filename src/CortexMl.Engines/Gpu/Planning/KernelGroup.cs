using CortexMl.Engines.Gpu.Generation;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>
/// Operations that become one kernel: any first one, and pointwise ones each of which is the only user of the one before it.
/// </summary>
internal sealed record KernelGroup(IReadOnlyList<Operation> Operations)
{
    /// <summary>Limits of a kernel: what compiles quickly, and what every device takes as parameters.</summary>
    public const int MostOperations = 32, MostOperands = 16;

    public Operation Head => Operations[0];

    public IEnumerable<Operation> Followers => Operations.Skip(1);

    /// <summary>Where the group runs: all its operands are ready there.</summary>
    public Operation Last => Operations[^1];

    public OperatorGenerator? Generator { get; } = OperatorGenerators.Find(Operations[0].Spec);

    /// <summary>What the group reads from memory.</summary>
    public IEnumerable<Value> Operands =>
        Operations.SelectMany(o => o.Operands).Where(v => v.Producer is not { } p || !Operations.Contains(p)).Distinct();

    /// <summary>Cuts a graph into groups, in an order in which they can run.</summary>
    public static IReadOnlyList<KernelGroup> Find(Graph graph)
    {
        var claimed = new HashSet<Operation>();
        var groups = new Dictionary<Operation, KernelGroup>();
        foreach (var operation in graph.Operations.Where(o => o.Constant is null && !claimed.Contains(o)))
        {
            List<Operation> chain = [operation];
            if (OperatorGenerators.Find(operation.Spec)?.ElementAt is not null)
                while (Follower(chain[^1]) is { } next && !claimed.Contains(next) && Fits(chain, next)) chain.Add(next);
            claimed.UnionWith(chain);
            groups[chain[^1]] = new KernelGroup(chain);
        }
        return [.. graph.Operations.Where(groups.ContainsKey).Select(o => groups[o])];
    }

    private static bool Fits(List<Operation> chain, Operation next) =>
        chain.Count < MostOperations && chain.Append(next).Sum(o => o.Operands.Count) - chain.Count <= MostOperands;

    private static Operation? Follower(Operation operation)
    {
        if (operation.Result is not { HasOneUse: true } result || result.Uses[0].User is not { } user) return null;
        bool joins = OperatorGenerators.Find(user.Spec) is { IsPointwise: true } && user.Result.Type.Shape.Count == result.Type.Shape.Count;
        return joins ? user : null;
    }
}
