using System.Diagnostics;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Benchmarks;

/// <summary>Measures engines on a model, in turn, so that a noisy machine disturbs all of them alike.</summary>
public static class Benchmark
{
    private const int WarmUps = 3, Fewest = 5, Most = 1000;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(5);

    /// <param name="instructions">Of the CPU engine.</param>
    /// <param name="against">Engines to measure beside it.</param>
    /// <param name="runs">Measured runs; null for as many as some seconds hold.</param>
    /// <exception cref="DiagnosticException">CML0923 no such engine, CML0924 no integer model.</exception>
    public static BenchReport Run(Model model, RunOptions options, CpuInstructions instructions, IReadOnlyList<string> against, int? runs = null)
    {
        if (!model.IsInteger)
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{model.Name}' is no integer model", hint: "compile it first");
        string engine = EngineChoice.Of(model, options).Engine;
        var inputs = RandomInputs.Of(model.Graph, seed: 0);
        var peers = against.Select(name => (Name: name, Executable: Prepare(model, options with { Engine = name }, CpuInstructions.Auto, null), Times: new Timings())).ToList();
        var shares = new GroupTimes();
        long start = Stopwatch.GetTimestamp();
        using var executable = Prepare(model, options, instructions, shares.Add);
        double prepare = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        var times = new Timings();
        for (int i = 0; i < WarmUps; i++) executable.Run(inputs);
        shares.Clear();
        for (start = Stopwatch.GetTimestamp(); times.Count < (runs ?? Most) && (times.Count < (runs ?? Fewest) || Stopwatch.GetElapsedTime(start) < s_budget);)
        {
            Measure(executable, inputs, times);
            foreach (var peer in peers) Measure(peer.Executable, inputs, peer.Times);
        }
        foreach (var peer in peers) peer.Executable.Dispose();
        using var process = Process.GetCurrentProcess();
        int batch = model.Graph.Inputs[0].Type.Shape is { Rank: > 1 } shape ? shape[0] : 1;
        string name = engine == EngineChoice.Cpu ? $"{engine} ({InstructionSet.Resolve(instructions).ToString().ToLowerInvariant()})" : engine;
        return new(model.Name, name, options.ThreadsPerSample, batch, times.Count, prepare, times.Median, times.At(0), times.At(0.25), times.At(0.75),
            batch * 1000 / times.Median, Operations(model.Graph) / times.Median / 1e6, process.PeakWorkingSet64, shares.Report(Names.Of(model.Graph), times.Count),
            [.. peers.Select(p => new BenchPeer(p.Name, p.Times.Median, p.Times.At(0)))]);
    }

    private static IExecutable Prepare(Model model, RunOptions options, CpuInstructions instructions, Action<Value, long>? timed) =>
        EngineChoice.Of(model, options).Engine == EngineChoice.Cpu
            ? new CpuEngine(new CpuOptions { Threads = options.ThreadsPerSample, Instructions = instructions, Timed = timed }).Prepare(model.Graph)
            : Runners.Prepare(model, options);

    private static void Measure(IExecutable executable, IReadOnlyList<Tensor<int>> inputs, Timings times)
    {
        long start = Stopwatch.GetTimestamp();
        executable.Run(inputs);
        times.Add(Stopwatch.GetElapsedTime(start));
    }

    /// <summary>Multiplications and additions of convolutions and dense layers.</summary>
    private static double Operations(Graph graph) => graph.Operations
        .Where(o => o.Spec == CvmConv.Conv2D || o.Spec == CvmConv.Dense)
        .Sum(o => 2.0 * o.Result.Type.Shape.Count * (o.Operands[1].Type.Shape.Count / Math.Max(1, o.Operands[1].Type.Shape[0])));
}
