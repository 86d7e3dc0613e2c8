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
        for (int sample = 0; sample < inputs.Count; sample++)
        {
            var expected = new Dictionary<Value, int[]>();
            comparisons[0].Record(inputs[sample], expected);
            foreach (var comparison in comparisons.Skip(1)) comparison.Compare(sample, inputs[sample], expected);
            progress.Report($"verify {model.Name}", sample + 1, inputs.Count);
        }
        return new(model.Name, inputs.Count, [.. comparisons.Select(c => c.Verdict())]);
    }

    private sealed class Comparison(Graph graph, EngineVariant variant)
    {
        private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private readonly HashSet<Value> _seen = [];
        private string? _difference;

        public void Record(IReadOnlyList<Tensor<int>> inputs, Dictionary<Value, int[]> values) => Run(inputs, (value, tensor) => values[value] = [.. tensor.Data]);

        public void Compare(int sample, IReadOnlyList<Tensor<int>> inputs, IReadOnlyDictionary<Value, int[]> expected) => Run(inputs, (value, tensor) =>
        {
            if (_difference is not null || !expected.TryGetValue(value, out int[]? numbers)) return;
            int at = numbers.AsSpan().CommonPrefixLength(tensor.Data);
            if (at < numbers.Length)
                _difference = string.Create(CultureInfo.InvariantCulture, $"sample {sample}, %{Names.Of(graph)[value]}, element {at}: {tensor.Data[at]} instead of {numbers[at]}");
        });

        public EngineVerdict Verdict() => new(variant.Name, variant.Threads, _seen.Count, _difference, Convert.ToHexStringLower(_digest.GetCurrentHash()));

        private void Run(IReadOnlyList<Tensor<int>> inputs, Action<Value, Tensor<int>> observe)
        {
            using var executable = variant.Prepare((value, tensor) =>
            {
                if (!value.IsInput) _seen.Add(value);
                observe(value, tensor);
            });
            foreach (var output in executable.Run(inputs)) _digest.AppendData(output.Bytes);
        }
    }
}
