using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Reports;

namespace CortexMl.Compiling;

/// <summary>Notes which passes ran and how much they rewrote.</summary>
internal sealed class PassSteps : IPassInstrumentation
{
    private readonly List<PassStep> _steps = [];

    public IReadOnlyList<PassStep> Steps => _steps;

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites) => _steps.Add(new(pass.Name + options, rewrites));
}
