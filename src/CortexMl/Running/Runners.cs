using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Float;
using CortexMl.Evaluating;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Splitting;

namespace CortexMl.Running;

/// <summary>Makes what runs a model.</summary>
public static class Runners
{
    /// <summary>Makes runners; call the result once per thread.</summary>
    /// <param name="threads">That share the work of a sample.</param>
    /// <exception cref="DiagnosticException">CML0922 no scale, CML0924 a graph that is neither float nor cvm.</exception>
    public static Func<IModelRunner> For(EngineChoice choice, int threads = 1) => WithInputs(choice, threads, out _);

    /// <inheritdoc cref="For(EngineChoice, int)"/>
    /// <param name="inputs">What turns reals into the model's integers, and counts what is cut off; null for a float model.</param>
    internal static Func<IModelRunner> WithInputs(EngineChoice choice, int threads, out IntegerInputs? inputs)
    {
        inputs = null;
        var (model, graph) = (choice.Model, choice.Model.Graph);
        MemoryDemand.Of(graph).CheckRunning(model.MaxMemory, model.Name);
        switch (graph.Level)
        {
            case Level.Float:
                var evaluator = new FloatEvaluator(FloatOptions.Evaluation with { Threads = 1 });
                return WithTail(model, () => new FloatRunner(evaluator.Prepare(graph, graph.Outputs)));
            case Level.Cvm:
                var integers = inputs = IntegerInputs.For(model, choice.Options);
                return WithTail(model, () => new IntegerRunner(model, choice.Prepare(threads), integers));
            default:
                throw new DiagnosticException(LibraryCodes.WrongLevel,
                    $"'{model.Name}' is a graph of level {LevelNames.Of(graph.Level)}; float and cvm graphs can run",
                    hint: "lower it first: cortexml opt --passes");
        }
    }

    private static Func<IModelRunner> WithTail(Model model, Func<IModelRunner> head) =>
        model.Tail is { } tail ? () => new TailRunner(head(), model.OwnOutputs, tail.Graph) : head;

    /// <summary>A CVM model ready to take integers.</summary>
    /// <exception cref="DiagnosticException">
    /// CML0923 no such engine, or one that cannot run this model; CML0708 no such device; see <see cref="EngineChoice.Prepare"/>.
    /// </exception>
    public static IExecutable Prepare(Model model, RunOptions options)
    {
        using var choice = EngineChoice.Of(model, options);
        return choice.Prepare(options.ThreadsPerSample);
    }
}
