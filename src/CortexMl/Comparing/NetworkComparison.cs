using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Loading;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Preparing;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Comparing;

/// <summary>Which two networks are compared, and on what.</summary>
/// <param name="First">A model or a compiled folder: what is right.</param>
/// <param name="Second">The other; null for what the pipeline makes of the first.</param>
public sealed record ComparisonRequest(string First, string? Second)
{
    /// <summary>The pass after which the first is looked at; null as it is loaded.</summary>
    public string? From { get; init; }

    /// <summary>The pass after which the second is looked at; null as it is loaded, or where there is none after the last pass.</summary>
    public string? Stage { get; init; }

    /// <summary>Data; null for random inputs.</summary>
    public DataOptions? Data { get; init; }

    /// <summary>How many random inputs.</summary>
    public int Random { get; init; } = 4;

    /// <summary>How the pipeline runs: passes, plugins, calibration. Where it names no calibration, the compared data calibrate.</summary>
    public CompileOptions Compiling { get; init; } = new();

    public ModelOptions Models { get; init; } = new();

    public RunOptions Running { get; init; } = new();

    /// <summary>Decibels below which a node is bad; null for the limit of the networks' kind.</summary>
    public double? Limit { get; init; }

    /// <summary>
    /// Ends comparing, and compiling and running for it: with this the tokens of <see cref="Compiling"/> and <see cref="Running"/> are
    /// not needed.
    /// </summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>Two of a network as it is loaded, after a pass, as integers, and of its compilations, node by node.</summary>
public static class NetworkComparison
{
    /// <exception cref="DiagnosticException">What loading, compiling and <see cref="NodeComparison.Run"/> find.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="ComparisonRequest.Cancellation"/>.</exception>
    public static ComparisonReport Run(ComparisonRequest request, DiagnosticBag notes, IProgressSink progress)
    {
        request.Cancellation.ThrowIfCancellationRequested();
        string[] paths = request.Second is null ? [request.First] : [request.First, request.Second];
        var opened = Open(request, paths, notes);
        var (loaded, samples) = opened[0];
        var (other, others) = opened[^1];
        Provenance.Mark(loaded.Graph);
        var first = request.From is null ? loaded : NetworkStages.After(request.From, loaded, Compiling(request, loaded), notes, progress);
        var second = request.Second is not null && request.Stage is null ? other
            : NetworkStages.After(request.Stage, other, Compiling(request, other), notes, progress);
        return NodeComparison.Run(first, samples, second, others, request.Limit, RunningOn(request, [loaded, other]), progress);
    }

    /// <summary>Models with what they are run on.</summary>
    internal static IReadOnlyList<(Model Model, ISampleSource Samples)> Open(
        ComparisonRequest request, IReadOnlyList<string> paths, DiagnosticBag notes)
    {
        var opened = request.Data is { } data ? ModelData.Open(paths, request.Models, data, request.Running.Integer, notes)
            : Seeded([.. paths.Select(path => ModelLoader.Load(path, request.Models, notes))], request.Random);
        return [.. paths.Zip(opened, (path, o) => (ModelLoader.WithNames(path, o.Model, request.Models), o.Samples))];
    }

    /// <summary>Random inputs where all models are integer are integers: all that their precision allows.</summary>
    internal static RunOptions RunningOn(ComparisonRequest request, params IEnumerable<Model> models)
    {
        var options = request.Cancellation.CanBeCanceled ? request.Running with { Cancellation = request.Cancellation } : request.Running;
        return request.Data is null && models.All(m => m.IsInteger) ? options with { Integer = true } : options;
    }

    /// <summary>The pipeline's options; without any calibration it is done on what is compared.</summary>
    internal static CompileOptions Compiling(ComparisonRequest request, Model loaded)
    {
        var options = request.Compiling;
        if (request.Cancellation.CanBeCanceled) options = options with { Cancellation = request.Cancellation };
        if (options.Data is not null || options.CalibrationFile is not null || options.RandomSamples is not null) return options;
        if (loaded.Graph.Level != Level.Float) return options;
        if (request.Data is not { } data) return options with { RandomSamples = request.Random };
        return options with
        {
            Data = data with { Labels = null },
            Preprocessing = data.Preprocessing,
            DropsStored = data.DropsStored,
        };
    }

    private static List<(Model Model, ISampleSource Samples)> Seeded(IReadOnlyList<Model> models, int count)
    {
        bool areIntegers = models.All(m => m.IsInteger);
        return [.. models.Select(model => (model, areIntegers ? (ISampleSource)new IntegerSamples(model, count)
            : new RandomSamples([.. model.Inputs.Select(i => i.Shape)], count)))];
    }

    /// <summary>The integers of <see cref="RandomInputs"/> as the real numbers that sources hand out.</summary>
    private sealed class IntegerSamples(Model model, int count) : ISampleSource
    {
        public string Description => Counted.Of(count, "random input");

        public int Count => count;

        public IEnumerable<Sample> Read() => Enumerable.Range(0, count).Select(seed => new Sample(
            [.. RandomInputs.Of(model.Graph, seed).Select(t => Tensor.Create(t.Shape, Array.ConvertAll(t.Data, x => (float)x)))], null,
            $"random input {Numbers.Format(seed)}"));
    }
}
