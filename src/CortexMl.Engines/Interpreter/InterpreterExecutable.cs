using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Engines.Interpreter;

/// <summary>Runs the operations one after the other on its memory, which keeps its content between runs.</summary>
internal sealed class InterpreterExecutable : IExecutable
{
    private readonly Graph _graph;
    private readonly SlotMemory _memory;
    private readonly InterpreterOptions _options;
    private readonly List<(Operation Operation, Kernel Kernel, KernelContext Context)> _steps = [];

    public InterpreterExecutable(Graph graph, SlotMemory memory, InterpreterOptions options)
    {
        _graph = graph;
        _memory = memory;
        _options = options;
        foreach (var operation in graph.Operations.Where(o => o.Constant is null))
        {
            Block[] inputs = [.. operation.Operands.Select(o => memory[o])], outputs = [.. operation.Results.Select(r => memory[r])];
            var context = new KernelContext(operation, inputs, outputs, options);
            _steps.Add((operation, KernelTable.Find(operation.Spec)!, context));
        }
    }

    public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
    {
        CheckInputs(_graph, inputs);
        for (int i = 0; i < inputs.Count; i++)
        {
            inputs[i].Data.CopyTo(_memory[_graph.Inputs[i]].Span);
            Observe(_graph.Inputs[i]);
        }
        foreach (var (operation, kernel, context) in _steps)
        {
            _options.Cancellation.ThrowIfCancellationRequested();
            context.Wraps = 0;
            kernel(context);
            foreach (var result in operation.Results) Observe(result);
        }
        if (_options.TrapOverflow) ReportWraps();
        return [.. _graph.Outputs.Select(output => Tensor.Create(output.Type.Shape, _memory[output].Span.ToArray()))];
    }

    public void Dispose()
    {
    }

    private void Observe(Value value)
    {
        if (_options.Observe is not { } observe) return;
        var block = _memory[value];
        observe(value, Tensor.Create(block.Shape, block.Data.Length == block.Length ? block.Data : block.Span.ToArray()));
    }

    internal static void CheckInputs(Graph graph, IReadOnlyList<Tensor<int>> inputs)
    {
        var found = new DiagnosticBag();
        if (inputs.Count != graph.Inputs.Count)
            found.Error(EngineCodes.InputMismatch, $"{Counted.Of(inputs.Count, "input")} given, the graph takes {graph.Inputs.Count}");
        foreach (var (given, input) in inputs.Zip(graph.Inputs).Where(pair => pair.First.Shape != pair.Second.Type.Shape))
            found.Error(EngineCodes.InputMismatch, $"input '{input.Name}' has shape {given.Shape}, the graph takes {input.Type.Shape}");
        found.ThrowIfErrors();
    }

    private void ReportWraps()
    {
        var found = new DiagnosticBag();
        var names = Ir.Walks.Names.Of(_graph);
        foreach (var (operation, _, context) in _steps.Where(s => s.Context.Wraps > 0))
        {
            string message = $"%{names[operation.Results[0]]} = {operation.Spec.Name}: "
                + $"{Counted.Of(context.Wraps, "result does", "results do")} not fit 32 bits";
            found.Error(EngineCodes.Overflow, message, operation.Location);
        }
        found.ThrowIfErrors();
    }
}
