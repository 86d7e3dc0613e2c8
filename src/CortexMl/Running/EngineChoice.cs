using System.Diagnostics;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Running;

/// <summary>
/// What runs a model: chosen once, and asked from then on. Where <c>auto</c> had to prepare the model to see whether an engine takes it,
/// that is kept for whoever prepares it first; disposed otherwise.
/// </summary>
public sealed class EngineChoice : IDisposable
{
    public const string Auto = "auto";

    /// <summary>What runs float networks.</summary>
    private const string FloatRuntime = "onnxruntime";

    private readonly EngineDescription? _engine;
    private IExecutable? _tried;

    /// <param name="engine">Null for a model that is not integer.</param>
    private EngineChoice(
        Model model, RunOptions options, EngineDescription? engine, EngineTask task, string? note = null, IExecutable? tried = null) =>
        (Model, Options, _engine, Task, Note, _tried) = (model, options, engine, task, note, tried);

    /// <summary>What <see cref="RunOptions.Engine"/> may be.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. EngineList.OfProduct.Names, Auto];

    public Model Model { get; }

    public RunOptions Options { get; }

    /// <summary>The name that reports give to what runs the model.</summary>
    public string Name => _engine?.Name ?? FloatRuntime;

    /// <summary>Why it is another engine than the fast one; null where there is nothing to say.</summary>
    public string? Note { get; }

    /// <summary>Executables at once that the model should have.</summary>
    public int Workers => _engine?.Workers(Options.Workers) ?? Options.Workers;

    /// <exception cref="DiagnosticException">CML0924: no integer model.</exception>
    internal EngineDescription Engine => _engine
        ?? throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{Model.Name}' is no integer model", hint: "compile it first");

    internal EngineTask Task { get; }

    /// <summary>How long it took to prepare what is kept.</summary>
    internal TimeSpan TryTime { get; private init; }

    /// <exception cref="DiagnosticException">CML0923: no such engine.</exception>
    public static void CheckName(string name)
    {
        if (!Names.Contains(name)) throw Unknown(name, Names);
    }

    /// <param name="engines">To choose from; null for those of the product.</param>
    /// <exception cref="DiagnosticException">
    /// CML0923: no such engine, or one that cannot run this model; CML0708: no such device.
    /// </exception>
    public static EngineChoice Of(Model model, RunOptions options, EngineList? engines = null)
    {
        var (list, task) = (engines ?? EngineList.OfProduct, TaskOf(model, options));
        if (!model.IsInteger) return new(model, options, null, task);
        if (options.Engine == Auto) return Fastest(model, options, list, task);
        var engine = list.Find(options.Engine) ?? throw Unknown(options.Engine, [.. list.Names, Auto]);
        if (engine.WhyNot(task) is { } why) throw Unable(why, list, task);
        engine.CheckDevice(task);
        return new(model, options, engine, task);
    }

    /// <summary>The engines that can run a model on this machine, what is right first.</summary>
    public static IReadOnlyList<string> AtHand(Model model) =>
        [.. EngineList.OfProduct.AtHand(TaskOf(model, new RunOptions())).Select(engine => engine.Name)];

    /// <summary>Says where the model does not run on the engine that one would expect.</summary>
    public void Tell(DiagnosticBag notes)
    {
        if (Note is not null) notes.Note(LibraryCodes.EngineFallback, Note);
    }

    /// <summary>A CVM model ready to take integers.</summary>
    /// <param name="threads">That share the work of a run.</param>
    /// <exception cref="DiagnosticException">CML0106 too much memory, CML0924 no integer model; what the engine says.</exception>
    public IExecutable Prepare(int threads)
    {
        MemoryDemand.Of(Model.Graph).CheckRunning(Model.MaxMemory, Model.Name);
        return Interlocked.Exchange(ref _tried, null) ?? Engine.Prepare(Task with { Threads = threads });
    }

    public void Dispose() => Interlocked.Exchange(ref _tried, null)?.Dispose();

    private static EngineChoice Fastest(Model model, RunOptions options, EngineList engines, EngineTask task)
    {
        string? reason = null;
        foreach (var engine in engines.All.Reverse().Where(e => e.IsAutomatic && e.IsAtHand(task)))
        {
            if (engine.WhyNot(task) is { } why)
            {
                reason ??= why;
                continue;
            }
            try
            {
                long start = Stopwatch.GetTimestamp();
                var tried = engine.IsTried ? engine.Prepare(task) : null;
                string? note = reason is null ? null : $"{reason}: it runs on {engine.InWords}";
                return new(model, options, engine, task, note, tried) { TryTime = Stopwatch.GetElapsedTime(start) };
            }
            catch (DiagnosticException error)
            {
                reason ??= error.Diagnostics[0].Message;
            }
        }
        throw Unable(reason ?? "nothing that auto may take is at hand", engines, task);
    }

    private static EngineTask TaskOf(Model model, RunOptions options) => new(model.Graph, model.Name)
    {
        SharedSlots = model.Cvm is { Storage: { IsAliased: true } storage } ? new StoragePlan(storage.Slots, storage.Sizes) : null,
        Threads = options.ThreadsPerSample, Device = options.Device, Profile = options.Profile, Instructions = options.Instructions,
        MaxBytes = model.MaxMemory, Onnx = ExactExporter.Instance, Cancellation = options.Cancellation,
    };

    private static DiagnosticException Unknown(string name, IReadOnlyList<string> known)
    {
        string near = Nearest.Hint(name, known) is { } hint ? hint + " " : "";
        return new(LibraryCodes.UnknownEngine, $"there is no engine '{name}'", hint: $"{near}engines: {string.Join(", ", known)}");
    }

    private static DiagnosticException Unable(string why, EngineList engines, EngineTask task)
    {
        var able = engines.AtHand(task).ToList();
        if (able.Count == 0) return new(LibraryCodes.UnknownEngine, $"{why}: no engine can run that");
        string who = string.Join(" and ", able.Select(engine => engine.InWords));
        return new(LibraryCodes.UnknownEngine, $"{why}: only {who} can run that", hint: $"pass --engine {able[0].Name}");
    }
}
