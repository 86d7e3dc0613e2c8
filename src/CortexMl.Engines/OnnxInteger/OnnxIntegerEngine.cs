using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.OnnxInteger;

/// <summary>How the engine runs a graph.</summary>
public sealed record OnnxIntegerOptions
{
    /// <summary>Threads within one operator, at least 1; they change no result.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Called with every result of an operation after a run; the model then has all of them as outputs.</summary>
    public Action<Value, Tensor<int>>? Observe { get; init; }

    /// <summary>Largest sum of the values' memory, refused before the model is written.</summary>
    public long MaxBytes { get; init; } = 8L << 30;
}

/// <summary>
/// Runs integer graphs as others would who have ONNX Runtime and no CortexMl: written as a model of integer operators. The results are
/// those of <see cref="InterpreterEngine"/>, bit for bit, of inputs within their precision; others are clamped to it, as the CVM does it.
/// </summary>
public sealed class OnnxIntegerEngine(IExactOnnx writer, OnnxIntegerOptions? options = null) : IEngine
{
    /// <summary>Of an element: 4 in the value's own tensor, 8 in the one in 64 bits that it may have.</summary>
    private const int BytesOfElement = sizeof(int) + sizeof(long);

    private readonly OnnxIntegerOptions _options = options ?? new OnnxIntegerOptions();

    /// <exception cref="DiagnosticException">
    /// CML0703 more memory than allowed, CML0256 operations without an exact form, CML0750 ONNX Runtime refuses the model, CML0752 it is
    /// not there.
    /// </exception>
    public IExecutable Prepare(Graph graph)
    {
        InterpreterEngine.CheckOperators(graph);
        CheckMemory(graph);
        Value[] observed = _options.Observe is null ? []
            : [.. graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)];
        return new OnnxIntegerExecutable(graph, writer.Write(graph, observed), observed, _options);
    }

    private void CheckMemory(Graph graph)
    {
        long elements = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).Sum(v => v.Type.Shape.Count);
        if (elements > _options.MaxBytes / BytesOfElement)
            throw new DiagnosticException(EngineCodes.TooMuchMemory,
                $"the graph's values need {Counted.Of(elements, "element")} of up to {Counted.Of(BytesOfElement, "byte")} on ONNX Runtime, "
                + $"more than the {Counted.Of(_options.MaxBytes, "byte")} allowed");
    }
}

/// <summary>The engine in the list of engines: for those who ask by name whether the exported model gives the same numbers.</summary>
public sealed class OnnxIntegerDescription : EngineDescription
{
    public const string EngineName = "onnx-integer";

    private static readonly int[] s_threads = [1, 2];

    public override string Name => EngineName;

    public override string InWords => "ONNX Runtime (onnx-integer)";

    public override bool SharesRuns => true;

    public override IReadOnlyList<EngineEntry> Entries => QuietRuntime.Version is { } version
        ? [new(Name, null, true, $"ONNX Runtime {version}, the model in integers", Processors: Environment.ProcessorCount)]
        : [new(Name, null, false, "the native library of ONNX Runtime cannot be loaded")];

    public override string? WhyNot(EngineTask task) =>
        base.WhyNot(task) ?? (task.Onnx is null ? "nothing is there that writes ONNX models" : null);

    /// <summary>No: it is the same network once more, in the memory of all values, and is asked for by name.</summary>
    public override bool IsAtHand(EngineTask task) => false;

    public override IEnumerable<EngineTask> Ways(EngineTask task) => s_threads.Select(threads => task with { Threads = threads });

    public override IExecutable Prepare(EngineTask task) => new OnnxIntegerEngine(
        task.Onnx ?? throw new ArgumentException("the task has nothing that writes ONNX models"),
        new OnnxIntegerOptions { Threads = task.Threads, Observe = task.Observe, MaxBytes = task.MaxBytes }).Prepare(task.Graph);
}
