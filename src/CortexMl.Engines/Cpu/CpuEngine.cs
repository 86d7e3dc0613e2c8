using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu;

/// <summary>
/// Runs integer graphs fast: fused groups on vector kernels that proven ranges allow, everything else on the interpreter's kernels. The
/// results are those of <see cref="InterpreterEngine"/>, bit for bit, whatever the threads and instructions.
/// </summary>
public sealed class CpuEngine(CpuOptions? options = null) : IEngine
{
    private readonly CpuOptions _options = options ?? new CpuOptions();

    public string Name => "cpu";

    public IExecutable Prepare(Graph graph)
    {
        InterpreterEngine.CheckOperators(graph);
        return new CpuExecutable(graph, Planner.Make(graph, _options), _options);
    }
}
