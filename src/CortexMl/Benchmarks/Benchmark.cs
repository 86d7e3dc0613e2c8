using System.Diagnostics;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu;
using CortexMl.Ir;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Benchmarks;

/// <summary>Measures engines on a model, in turn, so that a noisy machine disturbs all of them alike.</summary>
public static class Benchmark
{
    private const int Fewest = 5, Most = 1000;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(5);

    /// <param name="instructions">Of the CPU engine.</param>
    /// <param name="against">What to measure beside it: engines, and <c>onnxruntime</c> for ONNX Runtime in 8 bits and in float32.</param>
    /// <param name="notes">Receives why a peer could not be measured.</param>
    /// <param name="samples">How many a run takes at once; for 1 the model runs as it is.</param>
    /// <param name="runs">Measured runs; null for as many as some seconds hold.</param>
    /// <exception cref="DiagnosticException">
    /// CML0923 no such engine, CML0924 no integer model, CML0933 a model that cannot take several samples.
    /// </exception>
    public static BenchReport Run(
        Model model, RunOptions options, CpuInstructions instructions, IReadOnlyList<string> against, DiagnosticBag notes,
        int samples = 1, int? runs = null)
    {
        if (!model.IsInteger)
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{model.Name}' is no integer model", hint: "compile it first");
        long bound = MemoryBound.Of(model, samples);
        return TensorMemory.Taking(bound, $"measuring '{model.Name}'", () =>
            Measured(model, options, instructions, against, notes, samples, runs, bound));
    }

    private static BenchReport Measured(
        Model model, RunOptions options, CpuInstructions instructions, IReadOnlyList<string> against, DiagnosticBag notes,
        int samples, int? runs,
        long bound)
    {
        if (samples > 1) model = model with { Graph = Rebatch.Of(model.Graph, samples), Cvm = null, Io = null };
        string engine = EngineChoice.Of(model, options).Engine;
        foreach (string peer in against.Where(name => OnnxPeers.Named(name).Count == 0))
        {
            CheckPeer(peer);
            EngineChoice.Of(model, options with { Engine = peer });
        }
        var inputs = RandomInputs.Of(model.Graph, seed: 0);
        var shares = new GroupTimes();
        long start = Stopwatch.GetTimestamp();
        using var first = Of(engine, Prepare(model, options, instructions, shares.Add), inputs);
        double prepare = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        first.WarmUp();
        long peak = PeakBytes();
        var peers = against.SelectMany(name => Peers(model, name, options, inputs, notes)).ToList();
        foreach (var peer in peers) peer.WarmUp();
        using var scaling = engine == EngineChoice.Cpu && options.ThreadsPerSample > 1
            ? new Scaling(model.Graph, instructions, options.ThreadsPerSample, inputs)
            : null;
        shares.Clear();
        for (start = Stopwatch.GetTimestamp();
            first.Times.Count < (runs ?? Most)
            && (first.Times.Count < (runs ?? Fewest) || Stopwatch.GetElapsedTime(start) < s_budget * (1 + peers.Count));)
        {
            first.Measure();
            foreach (var peer in peers) peer.Measure();
            scaling?.Measure();
        }
        foreach (var peer in peers) peer.Dispose();
        int shareRuns = EngineChoice.Device(engine, options) is { } device
            ? MeasureGroups(model, device, inputs, shares)
            : first.Times.Count;
        var times = first.Times;
        int batch = model.Graph.Inputs[0].Type.Shape is { Rank: > 1 } shape ? shape[0] : 1;
        string name = engine == EngineChoice.Cpu
            ? $"{engine} ({InstructionSet.Resolve(instructions).ToString().ToLowerInvariant()})"
            : engine;
        return new(model.Name, name, options.ThreadsPerSample, batch, times.Count, prepare, times.Median, times.At(0),
            times.At(0.25), times.At(0.75),
            batch * 1000 / times.Median, Work.Of(model.Graph) / times.Median / 1e6, peak, bound,
            shares.Report(Names.Of(model.Graph), shareRuns),
            [.. peers.Select(p =>
                new BenchPeer(p.Name, p.Times.Median, p.Times.At(0), p.Times.At(0.25), p.Times.At(0.75), p.Times.Median / times.Median))],
                scaling?.Report(times));
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

    private static IEnumerable<Contestant> Peers(
        Model model, string name, RunOptions options, IReadOnlyList<Tensor<int>> inputs, DiagnosticBag notes) =>
        OnnxPeers.Named(name) is { Count: > 0 } onnx
            ? onnx.Select(peer => OnnxPeers.Prepare(peer, model.Graph, inputs, options.ThreadsPerSample, notes)).OfType<Contestant>()
            : [Of(name, Prepare(model, options with { Engine = name }, CpuInstructions.Auto, null), inputs)];

    private static Contestant Of(string name, IExecutable executable, IReadOnlyList<Tensor<int>> inputs) =>
        new(name, () => executable.Run(inputs), executable);

    private static IExecutable Prepare(Model model, RunOptions options, CpuInstructions instructions, Action<Value, long>? timed) =>
        EngineChoice.Of(model, options).Engine == EngineChoice.Cpu
            ? new CpuEngine(new CpuOptions { Threads = options.ThreadsPerSample, Instructions = instructions, Timed = timed })
                .Prepare(model.Graph)
            : Runners.Prepare(model, options);

    // Timing single kernels makes a device wait for each of them: it gets runs of its own.
    private static int MeasureGroups(Model model, GpuOptions device, IReadOnlyList<Tensor<int>> inputs, GroupTimes shares)
    {
        using var timed = new GpuEngine(device with { Timed = shares.Add }).Prepare(model.Graph);
        for (int i = 0; i < Fewest; i++) timed.Run(inputs);
        return Fewest;
    }

    private static long PeakBytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
