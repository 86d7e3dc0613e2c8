using CortexMl.Ir;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.relu(%x)
//  %1 = nn.exp(%x)      ⇒      %0 = nn.relu(%x)
//  return %0                   return %0
//
// Graph inputs stay: they are the network's interface.
public sealed class DeadCode : Pass
{
    public static readonly PassInfo Record = new(
        "dead-code", "Remove operations and constants that no output depends on", Level.Any, Level.Any);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context) => DeadOperations.Erase(graph, context.Rewriter);
}
