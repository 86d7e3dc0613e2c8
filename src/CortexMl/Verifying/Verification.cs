using System.Globalization;
using System.Security.Cryptography;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Verifying;

/// <summary>Whether all engines give the same numbers; the JSON of <c>cortexml verify</c>.</summary>
public sealed record Verification(string Model, int Samples, IReadOnlyList<EngineVerdict> Engines)
{
    /// <summary>What was done to the data, as the command line spells it; null for inputs made from a seed.</summary>
    public string? Preparation { get; init; }

    public bool Agrees => Engines.All(e => e.Difference is null);
}

/// <summary>What one engine did, compared with the first one of the list.</summary>
/// <param name="Threads">Threads that shared the work of a sample.</param>
/// <param name="Values">Values that were compared per sample: fast engines show those at the ends of fused groups.</param>
/// <param name="Difference">The first value, in the graph's order, that differs; null where all agree.</param>
/// <param name="Digest">SHA-256 of all outputs of all samples as little-endian int32, to compare two machines by eye.</param>
public sealed record EngineVerdict(string Engine, int Threads, int Values, string? Difference, string Digest);

/// <summary>What an engine showed and returned for a sample.</summary>
internal sealed record Answer(Dictionary<Value, int[]> Values, IReadOnlyList<Tensor<int>> Outputs);

/// <summary>One engine beside the first one: what it showed and returned, and where that first differs.</summary>
internal sealed class Comparison(Graph graph, EngineVariant variant, CancellationToken cancellation)
{
    private readonly IncrementalHash _digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly HashSet<Value> _seen = [];
    private string? _difference;

    public IReadOnlyList<Answer> Record(IReadOnlyList<IReadOnlyList<Tensor<int>>> samples)
    {
        var values = samples.Select(_ => new Dictionary<Value, int[]>()).ToList();
        return [.. Run(samples, (sample, value, tensor) => values[sample][value] = [.. tensor.Data])
            .Select((outputs, sample) => new Answer(values[sample], outputs))];
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
                Compare(first + sample, graph.Outputs[i], string.Create(CultureInfo.InvariantCulture, $"output {i}, "),
                    expected[sample].Outputs[i].Data, outputs[i].Data);
        }
    }

    public EngineVerdict Verdict() =>
        new(variant.Name, variant.Threads, _seen.Count, _difference, Convert.ToHexStringLower(_digest.GetCurrentHash()));

    private void Compare(int sample, Value value, string where, int[] expected, int[] found)
    {
        if (_difference is not null) return;
        int at = expected.AsSpan().CommonPrefixLength(found);
        if (at < expected.Length)
            _difference = string.Create(CultureInfo.InvariantCulture,
                $"sample {sample}, {where}{(value.IsConstant ? '@' : '%')}{Names.Of(graph)[value]}, "
                + $"element {at}: {found[at]} instead of {expected[at]}");
    }

    private List<IReadOnlyList<Tensor<int>>> Run(IReadOnlyList<IReadOnlyList<Tensor<int>>> samples, Action<int, Value, Tensor<int>> observe)
    {
        int sample = 0;
        cancellation.ThrowIfCancellationRequested();
        using var executable = variant.Prepare((value, tensor) =>
        {
            if (!value.IsInput) _seen.Add(value);
            observe(sample, value, tensor);
        });
        var answers = new List<IReadOnlyList<Tensor<int>>>();
        for (; sample < samples.Count; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            answers.Add(executable.Run(samples[sample]));
            foreach (var output in answers[^1]) _digest.AppendData(output.Bytes);
        }
        return answers;
    }
}
