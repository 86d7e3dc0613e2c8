using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu;

/// <summary>
/// Runs integer graphs fast: fused groups on vector kernels that proven ranges allow, element-wise operations strip by strip, what is left
/// on the interpreter's kernels. The results are those of <see cref="InterpreterEngine"/>, bit for bit, whatever the threads and
/// instructions.
/// </summary>
/// <param name="weights">Keeps packed weights for all executables that read them; null for the process's.</param>
public sealed class CpuEngine(CpuOptions? options = null, WeightStore? weights = null) : IEngine
{
    private readonly CpuOptions _options = options ?? new CpuOptions();
    private readonly WeightStore _weights = weights ?? WeightStore.OfProcess;

    /// <summary>Of which the first that takes a fused group runs it.</summary>
    internal KernelList Kernels { get; init; } = KernelList.OfEngine;

    /// <summary>What kernels take for granted though the machine may lack it; null for what the options say and the machine has.</summary>
    internal CpuInstructions? Assumed { get; init; }

    public IExecutable Prepare(Graph graph)
    {
        InterpreterEngine.CheckOperators(graph);
        return new CpuExecutable(graph, MakePlan(graph, Assumed ?? InstructionSet.Resolve(_options.Instructions)), _options);
    }

    /// <exception cref="DiagnosticException">The system refuses memory for the code of instructions that were asked for.</exception>
    private Plan MakePlan(Graph graph, CpuInstructions instructions)
    {
        try
        {
            return Planner.Make(graph, instructions, _options.MaxBytes, _weights, Kernels);
        }
        catch (CodeRefusedException) when (_options.Instructions == CpuInstructions.Auto)
        {
            return Planner.Make(graph, InstructionSet.BestWithoutCode, _options.MaxBytes, _weights, Kernels);
        }
        catch (CodeRefusedException refused)
        {
            throw new DiagnosticException(EngineCodes.UnsupportedInstructions, $"{instructions} cannot run now: {refused.Message}",
                hint: $"without generated code there is {InstructionSet.BestWithoutCode}, with the same results");
        }
    }
}

/// <summary>The CPU engine in the list of engines.</summary>
public sealed class CpuDescription : EngineDescription
{
    private static readonly int[] s_threads = [1, 2];

    public override string Name => "cpu";

    public override bool IsAutomatic => true;

    public override bool SharesRuns => true;

    public override GroupTiming Timing => GroupTiming.InPassing;

    public override IReadOnlyList<EngineEntry> Entries =>
    [
        new(Name, null, true, $"vector kernels ({string.Join(", ", InstructionSet.AtHand.Select(InWordsOf))})",
            Processors: Environment.ProcessorCount),
    ];

    public override string NameOf(EngineTask task) => $"{Name} ({InWordsOf(InstructionSet.Resolve(task.Instructions))})";

    /// <summary>Every instruction set of the machine, with one thread and with two.</summary>
    public override IEnumerable<EngineTask> Ways(EngineTask task) =>
        from instructions in InstructionSet.AtHand
        from threads in s_threads
        select task with { Instructions = instructions, Threads = threads };

    public override IExecutable Prepare(EngineTask task) => new CpuEngine(new CpuOptions
    {
        Threads = task.Threads, Instructions = task.Instructions, Observe = task.Observe, Timed = task.Timed, MaxBytes = task.MaxBytes,
        Cancellation = task.Cancellation,
    }).Prepare(task.Graph);

    private static string InWordsOf(CpuInstructions instructions) => instructions.ToString().ToLowerInvariant();
}
