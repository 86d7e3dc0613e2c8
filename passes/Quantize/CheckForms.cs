using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

//  %0 = nn.where(%c, %x, %y)   ⇒   error CML0531: nn.where: no integer form (once: %0)
//
// Changes nothing. Quantize refuses the same, but only after calibrate has run the network on all data.
public sealed class CheckForms : Pass
{
    public static readonly PassInfo Record = new("check-forms",
        "Refuse, before data are spent on it, a network with operations that have no integer form", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var problems = new DiagnosticBag();
        IntegerForms.Check(graph, problems);
        problems.ThrowIfErrors();
    }
}
