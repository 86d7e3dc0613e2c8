using System.Globalization;
using System.Security.Cryptography;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Verifying;

/// <summary>The proof that engines obey: runs the same inputs on all of them and compares whatever they can show.</summary>
public static class EngineVerifier
{
    /// <summary>Inputs as a verification takes them: one list of tensors per sample.</summary>
    public static IReadOnlyList<IReadOnlyList<Tensor<int>>> Inputs(Model model, ISampleSource samples, RunOptions options)
    {
        var inputs = IntegerInputs.For(model, options);
        return [.. samples.Read().Select(inputs.Of)];
    }

    /// <param name="engines">The first one is what the others are compared with; empty for all that can run the model here.</param>
    /// <exception cref="DiagnosticException">CML0923 no such engine, CML0924 no integer model.</exception>
    public static Verification Run(Model model, IReadOnlyList<IReadOnlyList<Tensor<int>>> inputs, IReadOnlyList<string> engines, IProgressSink progress, int device = 0)
    {
        if (!model.IsInteger)
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{model.Name}' is no integer model", hint: "compile it first");
        var comparisons = EngineVariants.Of(model, engines.Count > 0 ? engines : EngineChoice.AtHand(model), device).Select(v => new Comparison(model.Graph, v)).ToList();
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

    /// <summary>Samples whose values are kept at the same time, so that engines are prepared once for many of them.</summary>
    private static int SamplesAtOnce(Graph graph)
    {
        const long MostBytes = 256 << 20;
        long bytes = sizeof(int) * graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results).Sum(v => v.Type.Shape.Count);
        return (int)Math.Clamp(MostBytes / Math.Max(1, bytes), 1, int.MaxValue);
    }

    /// <summary>What an engine showed and returned for a sample.</summary>
    private sealed record Answer(Dictionary<Value, int[]> Values, IReadOnlyList<Tensor<int>> Outputs);

    private sealed class Comparison(Graph graph, EngineVariant variant)
    {
        private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly HashSet<Value> _seen = [];
        private string? _difference;

        public IReadOnlyList<Answer> Record(IReadOnlyList<IReadOnlyList<Tensor<int>>> samples)
        {
            var values = samples.Select(_ => new Dictionary<Value, int[]>()).ToList();
            return [.. Run(samples, (sample, value, tensor) => values[sample][value] = [.. tensor.Data]).Select((outputs, sample) => new Answer(values[sample], outputs))];
        }

        public void Compare(int first, IReadOnlyList<IReadOnlyList<Tensor<int>>> samples, IReadOnlyList<Answer> expected)
        {
            var answers = Run(samples, (sample, value, tensor) =>
            {
                if (expected[sample].Values.TryGetValue(value, out int[]? numbers)) Compare(first + sample, value, "", numbers, tensor.Data);
            });
            foreach (var (outputs, sample) in answers.Select((outputs, sample) => (outputs, sample)))
            {
                for (int i = 0; i < outputs.Count; i++)
                    Compare(first + sample, graph.Outputs[i], string.Create(CultureInfo.InvariantCulture, $"output {i}, "), expected[sample].Outputs[i].Data, outputs[i].Data);
            }
        }

        public EngineVerdict Verdict() => new(variant.Name, variant.Threads, _seen.Count, _difference, Convert.ToHexStringLower(_digest.GetCurrentHash()));

        private void Compare(int sample, Value value, string where, int[] expected, int[] found)
        {
            if (_difference is not null) return;
            int at = expected.AsSpan().CommonPrefixLength(found);
            if (at < expected.Length)
                _difference = string.Create(CultureInfo.InvariantCulture, $"sample {sample}, {where}{(value.IsConstant ? '@' : '%')}{Names.Of(graph)[value]}, element {at}: {found[at]} instead of {expected[at]}");
        }

        private List<IReadOnlyList<Tensor<int>>> Run(IReadOnlyList<IReadOnlyList<Tensor<int>>> samples, Action<int, Value, Tensor<int>> observe)
        {
            int sample = 0;
            using var executable = variant.Prepare((value, tensor) =>
            {
                if (!value.IsInput) _seen.Add(value);
                observe(sample, value, tensor);
            });
            var answers = new List<IReadOnlyList<Tensor<int>>>();
            for (; sample < samples.Count; sample++)
            {
                answers.Add(executable.Run(samples[sample]));
                foreach (var output in answers[^1]) _digest.AppendData(output.Bytes);
            }
            return answers;
        }
    }
}
