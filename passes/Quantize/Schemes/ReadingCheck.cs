using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>
/// Whether what was decided about values is what reads them can do. What a pattern says of bits is not meant for values that are only
/// handed on, and a scale for each channel not for those that no layer reads; bits that are meant for none at all are told.
/// </summary>
internal static class ReadingCheck
{
    /// <exception cref="DiagnosticException">CML0572: all that cannot be.</exception>
    public static void Run(Graph graph, Demands demands, ChannelScales? scales, PassServices services)
    {
        var problems = new DiagnosticBag();
        var lines = GivenScheme.Lines(services);
        var patterns = new List<(NodePattern Pattern, bool IsHeld)>();
        var names = Names.Of(graph);
        foreach (var value in graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)))
        {
            if (value.Type.Reading is not { } reading) continue;
            int? bits = demands.Bits(value);
            var line = lines(value);
            if (line?.BitsPattern is { } pattern) patterns.Add((pattern, bits is not null));
            if (line?.BitsPattern is null || bits is not null) CheckBits(value, names[value], reading.Precision, bits, problems);
            if (reading.IsPerChannel == true && line?.IsPerChannelByPattern != true && scales?.IsPerChannel(value) is null)
                problems.Error(SchemeCodes.NotHeld,
                    $"value %{names[value]} cannot have a scale for each channel: no layer reads it", value.Producer?.Location);
        }
        foreach (var pattern in patterns.GroupBy(p => p.Pattern, p => p.IsHeld).Where(held => held.All(isHeld => !isHeld)))
            problems.Error(SchemeCodes.NotHeld, $"the scheme's bits of {pattern.Key}: all that reads what it fits hands it on",
                hint: "decide about what comes behind it");
        problems.ThrowIfErrors();
    }

    private static void CheckBits(Value value, string name, int? decided, int? bits, DiagnosticBag problems)
    {
        // Whether a layer sees 8 bits or 15 is said by the layer.
        bool isOfLayer = bits is DemandPrecision.Data or LayerWidth.WidePrecision
            && decided is DemandPrecision.Data or LayerWidth.WidePrecision;
        if (decided is not { } wanted || bits == wanted || isOfLayer || value.Uses.Count == 0) return;
        problems.Error(SchemeCodes.NotHeld, bits is null
                ? $"value %{name} cannot have {Counted.Of(wanted, "bit")}: all that reads it hands it on"
                : $"value %{name} cannot have {Counted.Of(wanted, "bit")}: what reads it takes {bits}",
            value.Producer?.Location, bits is null ? "decide about what comes behind it"
                : bits == LayerWidth.WidePrecision ? "a layer sees 15 bits of it: let it see 8, 'data' of its line" : null);
    }
}
