using System.Globalization;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;

namespace CortexMl.Picturing;

/// <summary>What a box of a picture shows of an input, an operation or a result, and what is told where somebody clicks at it.</summary>
/// <param name="Kind">By which it is coloured: one of <see cref="Kinds"/>.</param>
/// <param name="Title">The row without its family, or <c>input</c>, <c>output</c>.</param>
/// <param name="Name">Of the first result, with its sigil.</param>
/// <param name="Edge">What leaves it: type, scale, and the proven range where it is narrower than the declared one.</param>
/// <param name="Text">The line of the text form.</param>
/// <param name="Details">Attributes, constants, ranges, where it comes from: a line each.</param>
internal sealed record PictureNode(string Kind, string Title, string Name, string Edge, string Text, IReadOnlyList<string> Details)
{
    public const string Input = "input", Output = "output";

    /// <summary>With the colour of each.</summary>
    public static IReadOnlyList<(string Kind, string Colour)> Kinds { get; } =
    [
        (Input, "#d9d9d9"), (Output, "#d9d9d9"), ("product", "#9ecae1"), ("activation", "#fdd0a2"), ("pool", "#c7e9c0"),
        ("arithmetic", "#dadaeb"), ("rounding", "#fcbba1"), ("moves", "#f0f0d0"), ("other", "#e7cbe5"),
    ];
}

/// <summary>Names that a graph itself does not know.</summary>
/// <param name="Values">What values are called, without a sigil; others keep the graph's own names.</param>
/// <param name="Layers">To which values of the loaded network they belong.</param>
internal sealed record PictureNames(IReadOnlyDictionary<Value, string> Values, IReadOnlyDictionary<Value, string> Layers);

/// <summary>Makes the boxes of a graph of any level.</summary>
/// <param name="named">Names that go over the graph's own; null for none.</param>
internal sealed class PictureNodes(Graph graph, PictureNames? named = null)
{
    private const int MostShown = 8;

    private static readonly string[] s_roundings = ["cvm_clip", "cvm_right_shift", "cvm_left_shift", "requantize", "cvm_precision"];

    private readonly Names _names = Names.Of(graph);
    private readonly Intervals? _ranges = graph.Level == Level.Float ? null : Intervals.Of(graph);

    public string Spell(Value value) =>
        (value.IsConstant ? "@" : "%") + (named?.Values.GetValueOrDefault(value) ?? _names[value]);

    public PictureNode OfInput(Value input) => new(PictureNode.Input, PictureNode.Input, Spell(input), Edge(input),
        $"{Spell(input)}: {input.Type}", Facts(input));

    public PictureNode OfOutput(Value value, string name) =>
        new(PictureNode.Output, PictureNode.Output, name, "", $"return {Spell(value)}", Facts(value));

    public PictureNode Of(Operation operation)
    {
        string results = string.Join(", ", operation.Results.Select(Spell));
        string types = string.Join(", ", operation.Results.Select(r => $"{r.Type}"));
        string operands = string.Join(", ", operation.Operands.Select(Spell));
        string attributes = string.Join(", ", operation.Attributes.Select(a => $"{a.Key} = {a.Value}"));
        string text = $"{results} = {operation.Spec.Name}({operands}){(attributes.Length > 0 ? $" {{{attributes}}}" : "")} : {types}";
        string title = operation.Spec.Name.Split('.')[^1];
        return new(KindOf(operation), title, results, string.Join("; ", operation.Results.Select(Edge)), text,
        [
            operation.Spec.Doc, .. operation.Attributes.Select(a => $"{a.Key} = {a.Value}"),
            .. operation.Operands.Where(o => o.IsConstant).Select(Constant), .. operation.Results.SelectMany(Facts),
            .. operation.Location.IsUnknown ? Array.Empty<string>() : [$"from {operation.Location}"],
        ]);
    }

    public string Edge(Value value)
    {
        string scale = value.Type.Scale switch
        {
            null => "",
            { IsPerChannel: true } table => $" @ axis {Numbers.Format(table.Axis!.Value)}: {Counted.Of(table.Values.Length, "scale")}",
            var one => $" @ {Short(one.Value)}",
        };
        string within = value.Type.Threshold is { } threshold ? $" within {Short(threshold)}" : "";
        return $"{value.Type.Element}{value.Type.Shape}{scale}{within}{Proven(value)}";
    }

    private string Proven(Value value)
    {
        if (_ranges is null || !value.Type.Element.IsInteger) return "";
        int bits = _ranges[value].All.Precision;
        return bits == value.Type.Precision ? "" : $", proven i{Numbers.Format(bits)}";
    }

    private IReadOnlyList<string> Facts(Value value)
    {
        var facts = new List<string>();
        if (_ranges is not null && value.Type.Element.IsInteger)
        {
            var (proven, bound) = (_ranges[value].All, value.Type.Element.Bound);
            facts.Add($"{Spell(value)}: declared -{Numbers.Format(bound)} to {Numbers.Format(bound)}, "
                + $"proven {Numbers.Format(proven.Lo)} to {Numbers.Format(proven.Hi)}");
        }
        if (value.Type.Scale is { } scale) facts.Add($"scale {scale}: {List(scale.Values)}");
        if (value.Type.Channels is { } channels) facts.Add($"channels {channels}: {List(channels.Values)}");
        if (named?.Layers.GetValueOrDefault(value) is { } layer) facts.Add($"layer {layer}");
        if (value.Provenance is { } provenance) facts.Add($"stands for {provenance.Real}");
        return facts;
    }

    private string Constant(Value value)
    {
        var tensor = value.Constant!.Tensor;
        var shown = Enumerable.Range(0, Math.Min(MostShown, tensor.Length)).Select(i => Short(tensor.GetDouble(i)));
        string more = tensor.Length > MostShown ? ", …" : "";
        return $"{Spell(value)}: {value.Type.Element}{value.Type.Shape} = [{string.Join(", ", shown)}{more}]";
    }

    private static string List(IReadOnlyList<double> values) =>
        string.Join(", ", values.Take(MostShown).Select(Short)) + (values.Count > MostShown ? ", …" : "");

    private static string Short(double number) => number.ToString("G5", CultureInfo.InvariantCulture);

    private static string KindOf(Operation operation)
    {
        var spec = operation.Spec;
        string name = spec.Name.Split('.')[^1];
        if (spec.Is(OpTraits.Product)) return "product";
        if (s_roundings.Contains(name)) return "rounding";
        if (name.Contains("pool", StringComparison.Ordinal)) return "pool";
        if (spec.Is(OpTraits.Moves) || spec.Is(OpTraits.Reshapes)) return "moves";
        if (spec.Operands.Count > 1 && name.Contains("batch_norm", StringComparison.Ordinal)) return "arithmetic";
        if (spec.Is(OpTraits.Elementwise) || spec.Operands.Count == 2) return spec.Operands.Count > 1 ? "arithmetic" : "activation";
        return "other";
    }
}
