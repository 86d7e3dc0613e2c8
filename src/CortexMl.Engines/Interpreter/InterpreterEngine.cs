using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Engines.Interpreter;

/// <summary>
/// The specification in code: runs graphs of the cvm level (and of the quant level where only CVM rows are left), with integers alone.
/// </summary>
public sealed class InterpreterEngine(InterpreterOptions? options = null) : IEngine
{
    private readonly InterpreterOptions _options = options ?? new InterpreterOptions();

    public IExecutable Prepare(Graph graph) => Prepare(graph, null);

    /// <param name="plan">Which values share memory; null gives every value its own.</param>
    /// <exception cref="DiagnosticException">
    /// Operators without kernel, a plan that does not fit the graph, or more memory than allowed.
    /// </exception>
    public IExecutable Prepare(Graph graph, StoragePlan? plan)
    {
        CheckOperators(graph);
        var memory = plan is null ? SlotMemory.OfOwnSlots(graph, _options) : SlotMemory.OfPlan(graph, plan, _options);
        return new InterpreterExecutable(graph, memory, _options);
    }

    internal static void CheckOperators(Graph graph)
    {
        var found = new DiagnosticBag();
        const string Hint = "lower the graph to the cvm level first";
        var missing = graph.Operations.Where(o => o.Constant is null && KernelTable.Find(o.Spec) is null).GroupBy(o => o.Spec.Name);
        foreach (var group in missing.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            string message = $"the interpreter has no {group.Key}, used {Counted.Of(group.Count(), "time")}";
            found.Error(EngineCodes.UnsupportedOperator, message, group.First().Location, Hint);
        }
        foreach (var input in graph.Inputs.Where(i => i.Type.Element.IsFloat))
            found.Error(EngineCodes.UnsupportedOperator, $"input {input} is no integer tensor", hint: Hint);
        found.ThrowIfErrors();
    }
}

/// <summary>The interpreter in the list of engines: it runs whatever is asked for.</summary>
public sealed class InterpreterDescription : EngineDescription
{
    public override string Name => "interpreter";

    public override string InWords => $"the {Name}";

    public override bool IsAutomatic => true;

    public override IReadOnlyList<EngineEntry> Entries => [new(Name, null, true, "the specification in code")];

    public override string? WhyNot(EngineTask task) => null;

    public override IExecutable Prepare(EngineTask task)
    {
        var options = new InterpreterOptions
        {
            Profile = task.Profile, Observe = task.Observe, MaxBytes = task.MaxBytes, Cancellation = task.Cancellation,
        };
        return new InterpreterEngine(options).Prepare(task.Graph, task.SharedSlots);
    }
}
