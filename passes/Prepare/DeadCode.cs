using CortexMl.Ir;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.relu(%x)
//  %1 = nn.exp(%x)      ⇒      %0 = nn.relu(%x)
//  return %0                   return %0
//
// Back to front, so that what only dead operations used goes in the same sweep. Graph inputs stay: they are the network's interface.
public sealed class DeadCode : Pass
{
    public static readonly PassInfo Record = new(
        "dead-code", "Remove operations and constants that no output depends on", Level.Any, Level.Any);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        foreach (var operation in graph.Operations.Reverse().ToList())
            if (operation.Results.All(r => r.Uses.Count == 0)) context.Rewriter.Erase(operation);
    }
}
