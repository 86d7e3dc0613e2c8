using CortexMl.Diagnostics;
using CortexMl.Numerics;

namespace CortexMl.Ir.Origins;

/// <summary>
/// What the graph's attributes say of its inputs, by position: how a real input is centred before the graph takes it, a number for each
/// channel: <c>attributes {input.0.axis = 1, input.0.gain.0 = 58.395, input.0.offset.0 = 0.05, …}</c>; without an axis the one gain
/// and offset are those of the whole tensor.
/// </summary>
public static class InputSignature
{
    private const string Prefix = "input.", Axis = "axis", Gain = "gain", Offset = "offset";

    /// <summary>Null where real input <paramref name="k"/> is what the graph takes, up to its scale.</summary>
    public static Centering? CenteringOf(Graph graph, int k)
    {
        if (k >= graph.Inputs.Count) return null;
        int? axis = null;
        if (graph.Attributes.Has(Key(k, Axis)))
        {
            if (graph.Attributes[Key(k, Axis)] is not AttributeValue.Int { Value: >= 0 and <= int.MaxValue } given) return null;
            axis = (int)given.Value;
        }
        var centering = new Centering(axis, Listed(graph.Attributes, k, Offset), Listed(graph.Attributes, k, Gain));
        return centering.Fits(graph.Inputs[k].Type.Shape) ? centering : null;
    }

    public static Attributes With(Attributes attributes, int k, Centering centering)
    {
        if (centering.Axis is { } axis) attributes = attributes.With(Key(k, Axis), axis);
        for (int c = 0; c < centering.Channels; c++)
            attributes = attributes.With(Key(k, Gain, c), centering.Gain[c]).With(Key(k, Offset, c), centering.Offset[c]);
        return attributes;
    }

    /// <summary>The attributes without a word about inputs.</summary>
    public static Attributes Without(Attributes attributes) =>
        attributes.Where(a => IsCentering(a.Key)).Aggregate(attributes, (left, a) => left.Without(a.Key));

    /// <summary>Whether the attribute says how an input is centred, which a graph that prints without scales leaves out.</summary>
    public static bool IsCentering(string attribute) => attribute.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Reports what is written down wrongly: a person can write attributes, too.</summary>
    internal static void Check(Graph graph, DiagnosticBag found)
    {
        for (int k = 0; k < graph.Inputs.Count; k++)
        {
            bool isSaid = graph.Attributes.Any(a => a.Key.StartsWith(Key(k, ""), StringComparison.Ordinal));
            if (!isSaid || CenteringOf(graph, k) is not null) continue;
            found.Error(DiagnosticCodes.TypeMismatch,
                $"attributes {Key(k, "*")} do not say how input {Numbers.Format(k)} {graph.Inputs[k].Type.Shape} is centred",
                hint: $"{Gain}.0 above 0 and {Offset}.0, or one of each for every index of {Axis}");
        }
    }

    private static List<double> Listed(Attributes attributes, int k, string part)
    {
        var numbers = new List<double>();
        while (attributes[Key(k, part, numbers.Count)] is { } found)
            numbers.Add(found switch { AttributeValue.Float f => f.Value, AttributeValue.Int i => i.Value, _ => double.NaN });
        return numbers;
    }

    private static string Key(int k, string part) => $"{Prefix}{Numbers.Format(k)}.{part}";

    private static string Key(int k, string part, int channel) => $"{Key(k, part)}.{Numbers.Format(channel)}";
}
