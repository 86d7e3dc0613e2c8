using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Float;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Interpreter;
using CortexMl.Float;
using CortexMl.Ir;

namespace CortexMl.Running;

/// <summary>Chooses what runs a model.</summary>
public static class Runners
{
    /// <summary>The name that reports give to what runs this model.</summary>
    public static string EngineName(Model model, RunOptions options) =>
        model.IsInteger ? EngineChoice.Of(model, options).Engine : "onnxruntime";

    /// <summary>
    /// Runners at once that a model should have: one per thread; on a device two, so that it need not wait for numbers between its
    /// kernels.
    /// </summary>
    public static int Workers(Model model, RunOptions options) =>
        model.IsInteger && EngineChoice.Device(EngineChoice.Of(model, options).Engine, options) is not null
            ? Math.Min(2, options.Workers)
            : options.Workers;

    /// <summary>Makes runners; call the result once per thread.</summary>
    /// <exception cref="DiagnosticException">
    /// CML0922 no scale, CML0923 no such engine, CML0924 a graph that is neither float nor cvm.
    /// </exception>
    public static Func<IModelRunner> For(Model model, RunOptions options)
    {
        var graph = model.Graph;
        MemoryDemand.Of(graph).CheckRunning(model.MaxMemory, model.Name);
        switch (graph.Level)
        {
            case Level.Float:
                var evaluator = new FloatEvaluator(FloatOptions.Evaluation with { Threads = 1 });
                return () => new FloatRunner(evaluator.Prepare(graph, graph.Outputs));
            case Level.Cvm:
                EngineChoice.Of(model, options);
                var inputs = IntegerInputs.For(model, options);
                return () => new IntegerRunner(model, Prepare(model, options), inputs);
            default:
                throw new DiagnosticException(LibraryCodes.WrongLevel,
                    $"'{model.Name}' is a graph of level {LevelNames.Of(graph.Level)}; float and cvm graphs can run",
                    hint: "lower it first: cortexml opt --passes");
        }
    }

    /// <summary>A CVM model ready to take integers.</summary>
    /// <exception cref="DiagnosticException">CML0923, CML0708; what the engine says to the model.</exception>
    public static IExecutable Prepare(Model model, RunOptions options)
    {
        MemoryDemand.Of(model.Graph).CheckRunning(model.MaxMemory, model.Name);
        string chosen = EngineChoice.Of(model, options).Engine;
        if (EngineChoice.Device(chosen, options) is { } device)
            return new GpuEngine(device with { MaxBytes = model.MaxMemory }).Prepare(model.Graph);
        if (chosen == EngineChoice.Cpu)
            return new CpuEngine(new CpuOptions { Threads = options.ThreadsPerSample, MaxBytes = model.MaxMemory }).Prepare(model.Graph);
        var engine = new InterpreterEngine(new InterpreterOptions { Profile = options.Profile, MaxBytes = model.MaxMemory });
        return model.Cvm is { Storage: { IsAliased: true } storage }
            ? engine.Prepare(model.Graph, new StoragePlan(storage.Slots, storage.Sizes))
            : engine.Prepare(model.Graph);
    }
}
