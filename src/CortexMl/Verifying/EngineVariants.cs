using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Verifying;

/// <summary>One way to run a model.</summary>
/// <param name="Prepare">Makes it ready; the action is called with every value that it can show.</param>
internal sealed record EngineVariant(string Name, int Threads, Func<Action<Value, Tensor<int>>, IExecutable> Prepare);

/// <summary>Everything that can run a model on this machine.</summary>
internal static class EngineVariants
{
    private static readonly int[] s_threads = [1, 2];

    /// <param name="names">Of engines; cpu is once for every instruction set that the machine has, with 1 and 2 threads.</param>
    /// <param name="device">Of the engines that have devices.</param>
    /// <exception cref="DiagnosticException">
    /// CML0923: no such engine, or one that cannot run this model; CML0708: no such device.
    /// </exception>
    public static IReadOnlyList<EngineVariant> Of(Model model, IReadOnlyList<string> names, int device) => [.. names.SelectMany(name =>
    {
        var options = new RunOptions { Engine = name, Device = device };
        string engine = EngineChoice.Of(model, options).Engine;
        return engine == EngineChoice.Cpu
            ? Cpu(model)
            : [EngineChoice.Device(engine, options) is { } gpu ? OnDevice(model, gpu) : Interpreter(model)];
    })];

    private static EngineVariant Interpreter(Model model) => new(EngineChoice.Interpreter, 1, observe =>
    {
        var plan = model.Cvm is { Storage: { IsAliased: true } storage } ? new StoragePlan(storage.Slots, storage.Sizes) : null;
        return new InterpreterEngine(new InterpreterOptions { Observe = observe }).Prepare(model.Graph, plan);
    });

    private static EngineVariant OnDevice(Model model, GpuOptions options) =>
        new(options.Kind.Name(), 1, observe => new GpuEngine(options with { Observe = observe }).Prepare(model.Graph));

    private static IEnumerable<EngineVariant> Cpu(Model model) =>
        from instructions in InstructionSet.AtHand
        from threads in s_threads
        select new EngineVariant($"{EngineChoice.Cpu} ({instructions.ToString().ToLowerInvariant()})", threads, observe =>
            new CpuEngine(new CpuOptions { Instructions = instructions, Threads = threads, Observe = observe }).Prepare(model.Graph));
}
