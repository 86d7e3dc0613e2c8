using System.Diagnostics;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Benchmarks;

/// <summary>Measures engines on a model, in turn, so that a noisy machine disturbs all of them alike.</summary>
public static class Benchmark
{
    private const int Fewest = 5, Most = 1000;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(5);

    /// <param name="against">What to measure beside it: engines, and <c>onnxruntime</c> for ONNX Runtime in 8 bits and in float32.</param>
    /// <param name="notes">Receives why it is another engine than the fast one, and why a peer could not be measured.</param>
    /// <param name="samples">How many a run takes at once; for 1 the model runs as it is.</param>
    /// <param name="runs">Measured runs; null for as many as some seconds hold.</param>
    /// <exception cref="DiagnosticException">
    /// CML0923 no such engine, CML0924 no integer model, CML0933 a model that cannot take several samples.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// By <see cref="RunOptions.Cancellation"/>: looked at before each run of each engine, and within those of the cpu engine and the
    /// interpreter.
    /// </exception>
    public static BenchReport Run(
        Model model, RunOptions options, IReadOnlyList<string> against, DiagnosticBag notes, int samples = 1, int? runs = null)
    {
        if (!model.IsInteger)
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{model.Name}' is no integer model", hint: "compile it first");
        long bound = MemoryBound.Of(model, samples);
        return MemoryUse.Taking(bound, $"measuring '{model.Name}'", () =>
            Measured(model, options, against, notes, samples, runs, bound));
    }

    private static BenchReport Measured(
        Model model, RunOptions options, IReadOnlyList<string> against, DiagnosticBag notes, int samples, int? runs, long bound)
    {
        var cancellation = options.Cancellation;
        cancellation.ThrowIfCancellationRequested();
        if (samples > 1) model = model with { Graph = Rebatch.Of(model.Graph, samples), Cvm = null, Io = null };
        using var choice = EngineChoice.Of(model, options);
        choice.Tell(notes);
        var (engine, task) = (choice.Engine, choice.Task);
        List<(string Name, EngineChoice? Engine)> rivals = [.. against.Select(name => (name, Rival(model, name, options)))];
        var inputs = RandomInputs.Of(model.Graph, seed: 0);
        var shares = new GroupTimes();
        long start = Stopwatch.GetTimestamp();
        bool isTimed = engine.Timing == GroupTiming.InPassing;
        using var first =
            Of(choice.Name, isTimed ? engine.Prepare(task with { Timed = shares.Add }) : choice.Prepare(task.Threads), inputs);
        double prepare = (choice.TryTime + Stopwatch.GetElapsedTime(start)).TotalMilliseconds;
        first.WarmUp(cancellation);
        long peak = PeakBytes();
        using var owned = new Contestants();
        var peers = owned.All;
        foreach (var (name, rival) in rivals)
        {
            cancellation.ThrowIfCancellationRequested();
            peers.AddRange(Peers(model, name, rival, task.Threads, inputs, notes));
        }
        foreach (var peer in peers) peer.WarmUp(cancellation);
        using var registers = ProductPeaks.Of(engine, task);
        using var scaling = engine.SharesRuns && task.Threads > 1
            ? new Scaling(engine.Prepare(task with { Threads = 1 }), task.Threads, inputs)
            : null;
        scaling?.WarmUp();
        shares.Clear();
        for (start = Stopwatch.GetTimestamp();
            first.Times.Count < (runs ?? Most)
            && (first.Times.Count < (runs ?? Fewest) || Stopwatch.GetElapsedTime(start) < s_budget * (1 + peers.Count));)
        {
            first.Measure(cancellation);
            foreach (var peer in peers) peer.Measure(cancellation);
            scaling?.Measure();
            registers?.Measure();
        }
        owned.Dispose();
        int shareRuns = engine.Timing == GroupTiming.Apart ? MeasureGroups(engine, task, inputs, shares) : first.Times.Count;
        var times = first.Times;
        int batch = model.Graph.Inputs[0].Type.Shape is { Rank: > 1 } shape ? shape[0] : 1;
        return new(Model: model.Name, Engine: engine.NameOf(task), Threads: task.Threads, Batch: batch, Runs: times.Count,
            PrepareMs: prepare, MedianMs: times.Median, MinMs: times.At(0),
            LowMs: times.At(0.25), HighMs: times.At(0.75),
            ImagesPerSecond: batch * 1000 / times.Median, Gops: Work.Of(model.Graph) / times.Median / 1e6, PeakBytes: peak,
            BoundBytes: bound,
            Groups: shares.Report(model.Graph, shareRuns, registers?.Gops * task.Threads),
            Against: [.. peers.Select(p =>
                new BenchPeer(p.Name, p.Times.Median, p.Times.At(0), p.Times.At(0.25), p.Times.At(0.75), p.Times.Median / times.Median))],
                Scaling: scaling?.Report(times), PeakGops: registers?.Gops);
    }

    /// <exception cref="DiagnosticException">CML0923: neither an engine nor a name of ONNX Runtime.</exception>
    public static void CheckPeer(string name)
    {
        if (OnnxPeers.Named(name).Count > 0 || EngineChoice.Names.Contains(name)) return;
        string[] known = [OnnxPeers.Name, OnnxPeers.Int8, OnnxPeers.Float];
        string near = Nearest.Hint(name, [.. known, .. EngineChoice.Names]) is { } hint ? hint + " " : "";
        throw new DiagnosticException(LibraryCodes.UnknownEngine, $"there is nothing named '{name}' to measure against",
            hint: $"{near}{string.Join(", ", known)}, or engines: {string.Join(", ", EngineChoice.Names)}");
    }

    /// <summary>Another engine; null for ONNX Runtime.</summary>
    private static EngineChoice? Rival(Model model, string name, RunOptions options)
    {
        CheckPeer(name);
        return OnnxPeers.Named(name).Count > 0
            ? null : EngineChoice.Of(model, options with { Engine = name, Instructions = CpuInstructions.Auto });
    }

    private static IEnumerable<Contestant> Peers(
        Model model, string name, EngineChoice? engine, int threads, IReadOnlyList<Tensor<int>> inputs, DiagnosticBag notes) =>
        engine is null
            ? OnnxPeers.Named(name).Select(peer => OnnxPeers.Prepare(peer, model.Graph, inputs, threads, notes)).OfType<Contestant>()
            : [Of(name, engine.Prepare(threads), inputs)];

    private static Contestant Of(string name, IExecutable executable, IReadOnlyList<Tensor<int>> inputs) =>
        new(name, () => executable.Run(inputs), executable);

    // Timing single kernels makes a device wait for each of them: it gets runs of its own.
    private static int MeasureGroups(EngineDescription engine, EngineTask task, IReadOnlyList<Tensor<int>> inputs, GroupTimes shares)
    {
        using var timed = engine.Prepare(task with { Timed = shares.Add });
        for (int i = 0; i < Fewest; i++) timed.Run(inputs);
        return Fewest;
    }

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
