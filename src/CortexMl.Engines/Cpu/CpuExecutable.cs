using System.Diagnostics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CortexMl.Engines.Cpu;

/// <summary>Runs a plan, step by step; disposed, it lets go of the plan's memory.</summary>
internal sealed class CpuExecutable(Graph graph, Plan plan, CpuOptions options) : IExecutable
{
    private Plan? _plan = plan;
    private IExecutable? _interpreter;
    private Workers? _workers;

    public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
    {
        ObjectDisposedException.ThrowIf(_plan is null, this);
        InterpreterExecutable.CheckInputs(graph, inputs);
        // The plan's ranges hold for inputs of their precision only.
        if (!inputs.Zip(graph.Inputs).All(pair => IsWithin(pair.First, pair.Second.Type.Element.Bound))) return Interpreter.Run(inputs);
        for (int i = 0; i < inputs.Count; i++) inputs[i].Data.CopyTo(_plan.Plain[graph.Inputs[i]].Block.Span);
        foreach (var step in _plan.Steps) Run(step);
        return [.. graph.Outputs.Select(Output)];
    }

    public void Dispose()
    {
        _interpreter?.Dispose();
        _workers?.Dispose();
        _workers = null;
        _plan?.Weights.Dispose();
        _plan = null;
    }

    private Workers Workers => _workers ??= new Workers(Math.Max(1, options.Threads));

    private IExecutable Interpreter =>
        _interpreter ??= new InterpreterEngine(new InterpreterOptions
        {
            Observe = options.Observe, MaxBytes = options.MaxBytes, Cancellation = options.Cancellation,
        }).Prepare(graph);

    private void Run(Step step)
    {
        options.Cancellation.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        step.Run(Workers);
        long time = Stopwatch.GetTimestamp() - start;
        options.Timed?.Invoke(step.Subject, time);
        if (options.Observe is not { } observe) return;
        foreach (var (value, tensor) in step.Results()) observe(value, tensor);
    }

    private Tensor<int> Output(Value value) => value.Constant is { } constant
        ? Tensor.Create(value.Type.Shape, (int[])((Tensor<int>)constant.Tensor).Data.Clone())
        : Tensor.Create(value.Type.Shape, _plan!.Plain[value].Block.Span.ToArray());

    private static bool IsWithin(Tensor<int> tensor, long bound) =>
        tensor.Length == 0 || (TensorPrimitives.Min<int>(tensor.Data) >= -bound && TensorPrimitives.Max<int>(tensor.Data) <= bound);
}
