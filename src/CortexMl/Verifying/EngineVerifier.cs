using System.Globalization;
using System.Security.Cryptography;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Verifying;

/// <summary>
/// The proof that engines obey: runs the same inputs on all of them and compares whatever they can show. Any number of threads may call it.
/// </summary>
public static class EngineVerifier
{
    /// <summary>Inputs as a verification takes them: one list of tensors per sample.</summary>
    public static IReadOnlyList<IReadOnlyList<Tensor<int>>> Inputs(Model model, ISampleSource samples, RunOptions options)
    {
        RequireIntegers(model);
        var inputs = IntegerInputs.For(model, options);
        return [.. samples.Read().Select(sample =>
        {
            options.Cancellation.ThrowIfCancellationRequested();
            return inputs.Of(sample);
        })];
    }

    /// <summary>Inputs from the seeds 0, 1, …</summary>
    /// <exception cref="DiagnosticException">CML0924 no integer model.</exception>
    public static IReadOnlyList<IReadOnlyList<Tensor<int>>> SeededInputs(Model model, int count)
    {
        RequireIntegers(model);
        return [.. Enumerable.Range(0, count).Select(seed => RandomInputs.Of(model.Graph, seed))];
    }

    /// <param name="engines">The first one is what the others are compared with; empty for all that can run the model here.</param>
    /// <param name="cancellation">Ends it: looked at before each engine and sample, and by engines as in other runs.</param>
    /// <exception cref="DiagnosticException">CML0923 no such engine, CML0924 no integer model.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public static Verification Run(Model model, IReadOnlyList<IReadOnlyList<Tensor<int>>> inputs, IReadOnlyList<string> engines,
        IProgressSink progress, int device = 0, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        RequireIntegers(model);
        var variants = EngineVariants.Of(model, engines.Count > 0 ? engines : EngineChoice.AtHand(model), device, cancellation);
        var demand = MemoryDemand.Of(model.Graph).RunningBytes;
        return MemoryUse.Taking(demand, $"running '{model.Name}'", () => Run(model, inputs, variants, progress, cancellation));
    }

    internal static Verification Run(
        Model model, IReadOnlyList<IReadOnlyList<Tensor<int>>> inputs, IReadOnlyList<EngineVariant> variants, IProgressSink progress,
        CancellationToken cancellation = default)
    {
        var comparisons = variants.Select(v => new Comparison(model.Graph, v, cancellation)).ToList();
        int atOnce = SamplesAtOnce(model.Graph);
        for (int first = 0; first < inputs.Count; first += atOnce)
        {
            var samples = inputs.Skip(first).Take(atOnce).ToList();
            var expected = comparisons[0].Record(samples);
            foreach (var comparison in comparisons.Skip(1)) comparison.Compare(first, samples, expected);
            progress.Report($"verify {model.Name}", first + samples.Count, inputs.Count);
        }
        return new(model.Name, inputs.Count, [.. comparisons.Select(c => c.Verdict())]);
    }

    private static void RequireIntegers(Model model)
    {
        if (!model.IsInteger)
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{model.Name}' is no integer model", hint: "compile it first");
    }

    /// <summary>Samples whose values are kept at the same time, so that engines are prepared once for many of them.</summary>
    private static int SamplesAtOnce(Graph graph)
    {
        const long MostBytes = 256 << 20;
        long bytes = sizeof(int) * graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results).Sum(v => v.Type.Shape.Count);
        return (int)Math.Clamp(MostBytes / Math.Max(1, bytes), 1, int.MaxValue);
    }
}
