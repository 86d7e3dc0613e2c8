using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;
using CortexMl.Passes.Quantize.Channels;

namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>
/// What the consumers of each value of a calibrated float graph ask for (passes/Quantize/README.md §3), as text: the value, the demand
/// that serves them all, and below it each consumer with its precision, scale and freedom of scale.
/// </summary>
public static class DemandListing
{
    /// <exception cref="DiagnosticException">CML0530, CML0531: what quantize could not turn into integers.</exception>
    public static string Print(Graph graph)
    {
        Quantize.CheckReady(graph);
        var names = Names.Of(graph);
        var demands = new Demands(QuantizeSettings.Default, ChannelScales.Of(graph, QuantizeSettings.Default));
        var values = graph.Inputs.Concat(graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)).ToList();
        // From the last to the first, as quantize asks.
        foreach (var value in values.AsEnumerable().Reverse()) demands.Of(value);
        var text = new StringBuilder($"demands of @{graph.Name}\n");
        foreach (var value in values)
        {
            var joint = value.IsInput ? Integers(Quantize.IntegerInput(value, demands.Settings)) : Integers(demands.Of(value));
            text.Append($"%{names[value]} within {Numbers.Format(Demands.Threshold(value))}{Limit(value)}: {joint}\n");
            foreach (var (use, demand, freedom) in demands.Asked(value))
                text.Append($"  {Reader(use, names)}: {Integers(demand)}, {Said(freedom)}\n");
        }
        return text.ToString();
    }

    private static string Limit(Value value) =>
        Headroom.Limit(value) is var limit && limit < double.PositiveInfinity && !value.IsInput ? $", at most {Numbers.Format(limit)}" : "";

    private static string Reader(Use use, Names names) => use.User is { } op
        ? $"{op.Spec.Name} %{names[op.Results[0]]}, {op.Spec.Operands[Math.Min(use.Index, op.Spec.Operands.Count - 1)].Name}"
        : $"output {Numbers.Format(use.Index)}";

    private static string Integers(TensorType type) => Integers(new Demand(type.Precision, type.Scale!));

    private static string Integers(Demand demand) => $"i{Numbers.Format(demand.Precision)} @ " + (demand.Units.IsPerChannel
        ? $"{Numbers.Format(demand.Units.Values.Min())} … {Numbers.Format(demand.Units.Values.Max())}"
        : Numbers.Format(demand.Scale));

    private static string Said(ScaleFreedom freedom) => freedom switch
    {
        ScaleFreedom.EachChannel => "any scale of each channel",
        ScaleFreedom.Shared => "the scale of all operands",
        ScaleFreedom.HandedOn => "handed on",
        ScaleFreedom.Unit => "integers as they are",
        _ => "any one scale",
    };
}
