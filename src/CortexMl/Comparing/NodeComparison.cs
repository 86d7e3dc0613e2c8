using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Running;

namespace CortexMl.Comparing;

/// <summary>Runs two networks on the same samples and compares every value that both have.</summary>
public static class NodeComparison
{
    /// <summary>Decibels below which a node is called bad where nobody says more: of integers, and of two float networks.</summary>
    public const double LimitOfIntegers = 20, LimitOfFloats = 60;

    /// <param name="first">What is right.</param>
    /// <param name="firstSamples">The same samples as <paramref name="secondSamples"/>, each prepared for its network.</param>
    /// <param name="limit">Decibels below which a node is bad; null for the limit of the networks' kind.</param>
    /// <exception cref="DiagnosticException">CML0980: nothing to compare; and what running finds.</exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static ComparisonReport Run(
        Model first, ISampleSource firstSamples, Model second, ISampleSource secondSamples, double? limit, RunOptions options,
        IProgressSink progress)
    {
        var pairs = NodePair.Of(first, second);
        if (pairs.Count == 0)
            throw new DiagnosticException(LibraryCodes.NothingToCompare, $"'{first.Name}' and '{second.Name}' have no value in common",
                hint: "values are told by their names in the loaded network: compare stages of one network, or compilations of it");
        double least = limit ?? (first.Graph.Level == Level.Float && second.Graph.Level == Level.Float ? LimitOfFloats : LimitOfIntegers);
        NodeSums[] sums = [.. pairs.Select(_ => new NodeSums())];
        List<Value> ones = [.. pairs.Select(p => p.First).Distinct()], others = [.. pairs.Select(p => p.Second).Distinct()];
        var places = (First: Places(ones), Second: Places(others));
        using var one = ValueRun.Of(first, ones, options);
        using var other = ValueRun.Of(second, others, options);
        int samples = 0;
        foreach (var (a, b) in firstSamples.Read().Zip(secondSamples.Read()))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            var (expected, found) = (one.Run(a), other.Run(b));
            foreach (var (pair, sum) in pairs.Zip(sums)) sum.Add(expected[places.First[pair.First]], found[places.Second[pair.Second]]);
            progress.Report($"compare {second.Name}", ++samples, secondSamples.Count);
        }
        NodeDifference[] nodes = [.. pairs.Zip(sums, (pair, sum) => Difference(pair, sum, least))];
        return new(first.Name, second.Name, samples, least, nodes.FirstOrDefault(n => n.IsBad)?.Name, nodes);
    }

    private static Dictionary<Value, int> Places(List<Value> values) => values.Index().ToDictionary(v => v.Item, v => v.Index);

    private static NodeDifference Difference(NodePair pair, NodeSums sums, double least)
    {
        double? ratio = sums.NoiseRatio;
        return new(pair.Name, RewriteNote.Describe(pair.Second), ratio, sums.Cosine, sums.MaxError, sums.Saturated, ratio < least)
        {
            IsOutput = pair.IsOutput, IsFitted = sums.IsFitted,
        };
    }
}
