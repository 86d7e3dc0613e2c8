using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Quantize.Schemes;

//  {"value": "conv*", "bits": 7}                       {"value": "conv0", "within": 3, "bits": 7}
//  {"operator": "nn.conv2d", "method": "absmax"}  ⇒    {"value": "conv1", "bits": 7, "method": "absmax",
//  {"value": "conv0", "within": 3}                         "reason": "given by operator nn.conv2d and value conv*"}
//
// Makes of a scheme with patterns one with a line for each value that one fits. What a value's own line says goes before all patterns, what
// a later pattern says before an earlier one; a layer's line decides all of it. A pattern that decides nothing is a mistake.
internal sealed class SchemePatterns(Graph graph, IReadOnlyList<Value> values, Names names, GivenScheme scheme, DiagnosticBag problems)
{
    private readonly Dictionary<string, Value> _byName = values.ToDictionary(v => names[v], StringComparer.Ordinal);

    private readonly HashSet<NodePattern> _deciding = [];

    public SchemeFile Resolved()
    {
        var (lines, patterns) = Parted(scheme.File.Values, v => v.Pattern);
        var (forms, layerPatterns) = Parted(scheme.File.Layers, l => l.Pattern);
        Value[] layers = [.. values.Where(v => v.Producer is { } op && ApplyScheme.IsLayer(op))];
        var resolved = scheme.File with
        {
            Model = scheme.File.Model.Length > 0 ? scheme.File.Model : GraphDigest.OfNamed(graph),
            Values =
            [
                .. lines.Select(l => l with { Pattern = null })
                    .Select(l => _byName.TryGetValue(l.Name, out var value) ? Of(l, value, patterns) : l),
                .. Others(values, lines.Select(l => l.Name)).Select(v => Of(new ValueDecision(names[v], null), v, patterns))
                    .Where(l => l.Reason.Length > 0),
            ],
            Layers =
            [
                .. forms.Select(l => l with { Pattern = null }),
                .. Others(layers, forms.Select(l => l.Name)).Select(v => Of(v, layerPatterns)).OfType<LayerDecision>(),
            ],
        };
        foreach (var line in patterns) Check(line.Pattern!, values);
        foreach (var line in layerPatterns) Check(line.Pattern!, layers);
        return resolved;
    }

    /// <summary>Lines of one value, and patterns, the last first. What looks like a pattern may be the name of a value.</summary>
    private (List<T> Lines, List<T> Patterns) Parted<T>(IReadOnlyList<T> all, Func<T, NodePattern?> pattern)
    {
        var parts = all.ToLookup(l => pattern(l) is not { } p || (p is { Operator: null, Name: { } name } && _byName.ContainsKey(name)));
        return ([.. parts[true]], [.. parts[false].Reverse()]);
    }

    private IEnumerable<Value> Others(IReadOnlyList<Value> places, IEnumerable<string> decided)
    {
        var own = decided.ToHashSet(StringComparer.Ordinal);
        return places.Where(v => !own.Contains(names[v]));
    }

    /// <summary>Of each field the first line that says it.</summary>
    private ValueDecision Of(ValueDecision own, Value value, List<ValueDecision> patterns)
    {
        ValueDecision[] lines = [own, .. patterns.Where(p => p.Pattern!.Fits(value, own.Name))];
        var used = new List<NodePattern>();
        // Threshold, shares of it and the method that chooses it are one decision.
        var threshold = First(l => l.Within is not null || l.Method is not null);
        var (bits, granularity) = (First(l => l.Bits is not null), First(l => l.IsPerChannel is not null));
        var joined = own with
        {
            Within = threshold.Within,
            Method = threshold.Method,
            Channels = threshold.Channels,
            Bits = bits.Bits,
            BitsPattern = bits.Pattern,
            IsPerChannel = granularity.IsPerChannel,
            IsPerChannelByPattern = granularity.Pattern is not null,
            Headroom = First(l => l.Headroom is not null).Headroom,
            Centred = First(l => l.Centred is not null).Centred,
            IsRestored = own.IsRestored || (!value.IsInput && First(l => l.IsRestored).IsRestored),
        };
        return used.Count == 0 ? own : joined with { Reason = SchemeFile.GivenBy(used) };

        ValueDecision First(Func<ValueDecision, bool> says)
        {
            var line = lines.FirstOrDefault(says, own);
            if (line.Pattern is not { } pattern) return line;
            _deciding.Add(pattern);
            if (!used.Contains(pattern)) used.Add(pattern);
            return line;
        }
    }

    private LayerDecision? Of(Value layer, List<LayerDecision> patterns)
    {
        if (patterns.Find(l => l.Pattern!.Fits(layer, names[layer])) is not { Pattern: { } pattern } last) return null;
        _deciding.Add(pattern);
        return last with { Name = names[layer], Pattern = null, IsEdited = false, Reason = SchemeFile.GivenBy([pattern]) };
    }

    /// <summary>A pattern that fits nothing, or only what other lines decide.</summary>
    private void Check(NodePattern pattern, IReadOnlyList<Value> places)
    {
        if (_deciding.Contains(pattern)) return;
        var location = new SourceLocation(scheme.Name);
        if (places.Any(v => pattern.Fits(v, names[v])))
        {
            problems.Error(SchemeCodes.Mismatch, $"the scheme's line decides nothing: other lines do of all that fits {pattern}", location,
                "lines of single values go before patterns, later patterns before earlier ones; take out what is not meant");
            return;
        }
        var operators = places.Select(v => v.Producer?.Spec.Name).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        bool isOperator = pattern.Operator is not null && places.All(v => !(pattern with { Name = null }).Fits(v, names[v]));
        problems.Error(SchemeCodes.Mismatch, $"the scheme decides about {pattern}: the network has none", location,
            isOperator ? Nearest.Hint(pattern.Operator!, operators, $"it has {Listing.Of([.. operators])}")
                : Nearest.Hint(pattern.Name!.Replace("*", "", StringComparison.Ordinal), places.Select(v => names[v])));
    }
}
