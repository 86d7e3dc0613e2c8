using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Ir;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Verifying;

/// <summary>One way to run a model.</summary>
/// <param name="Prepare">Makes it ready; the action is called with every value that it can show.</param>
internal sealed record EngineVariant(string Name, int Threads, Func<Action<Value, Tensor<int>>, IExecutable> Prepare);

/// <summary>All ways in which engines can run a model on this machine.</summary>
internal static class EngineVariants
{
    /// <param name="names">Of engines; cpu is once for every instruction set that the machine has, with 1 and 2 threads.</param>
    /// <param name="device">Of the engines that have devices.</param>
    /// <param name="cancellation">Ends their runs.</param>
    /// <exception cref="DiagnosticException">
    /// CML0923: no such engine, or one that cannot run this model; CML0708: no such device.
    /// </exception>
    public static IReadOnlyList<EngineVariant> Of(Model model, IReadOnlyList<string> names, int device, CancellationToken cancellation) =>
        [.. names.SelectMany(name => Of(model, new RunOptions { Engine = name, Device = device, Cancellation = cancellation }))];

    private static List<EngineVariant> Of(Model model, RunOptions options)
    {
        using var choice = EngineChoice.Of(model, options);
        var engine = choice.Engine;
        return [.. engine.Ways(choice.Task).Select(way =>
            new EngineVariant(engine.NameOf(way), way.Threads, observe => engine.Prepare(way with { Observe = observe })))];
    }
}
