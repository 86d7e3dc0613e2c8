using CortexMl.Diagnostics;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;

namespace CortexMl.Ir.Origins;

/// <summary>
/// What the network's file says of its outputs, by position: their names, and a step that is left to do. Passes rename, merge and replace
/// the values themselves; so this stands among the graph's attributes as far as the values do not say it:
/// <c>attributes {output.0.axis = 1, output.0.last = "softmax", output.0.name = "probabilities", output.0.shape = [1, 10]}</c>.
/// </summary>
public static class OutputSignature
{
    private const string Prefix = "output.", Name = ".name", Last = ".last", Axis = ".axis", Shape = ".shape";

    /// <summary>The name of each output, as <see cref="Distinct"/> has it.</summary>
    public static IReadOnlyList<string> Names(Graph graph)
    {
        var values = Ir.Walks.Names.Of(graph);
        return Distinct(graph.Outputs.Select((o, k) => NameOf(graph, k) ?? values[o]));
    }

    /// <summary>The name that the attributes state; null where the value's own name is the output's.</summary>
    public static string? NameOf(Graph graph, int k) => (graph.Attributes[Key(k, Name)] as AttributeValue.Text)?.Value;

    /// <summary>The graph's attributes with these names of its outputs; those that the values bear need none.</summary>
    public static Attributes Named(Graph graph, IEnumerable<string> names)
    {
        var (values, attributes) = (Ir.Walks.Names.Of(graph), graph.Attributes);
        foreach (var (k, name) in Distinct(names).Index())
            attributes = name == values[graph.Outputs[k]] ? attributes.Without(Key(k, Name)) : attributes.With(Key(k, Name), name);
        return attributes;
    }

    /// <summary>Whether the attribute is a name, which a graph that prints without names leaves out.</summary>
    public static bool IsName(string attribute) =>
        attribute.StartsWith(Prefix, StringComparison.Ordinal) && attribute.EndsWith(Name, StringComparison.Ordinal);

    /// <summary>What is left to do to output <paramref name="k"/>; null where nothing is.</summary>
    public static LastStep? LastStepOf(Graph graph, int k)
    {
        if (graph.Attributes[Key(k, Last)] is not AttributeValue.Text op || graph.Attributes[Key(k, Axis)] is not AttributeValue.Int axis
            || graph.Attributes[Key(k, Shape)] is not AttributeValue.Ints shape) return null;
        if (shape.Value.Append(axis.Value).Any(number => number is < 0 or > int.MaxValue)) return null;
        var step = new LastStep(op.Value, (int)axis.Value, [.. shape.Value.Select(dim => (int)dim)]);
        return step.Fits(graph.Outputs[k].Type.Shape) ? step : null;
    }

    public static Attributes With(Attributes attributes, int k, LastStep step) => attributes
        .With(Key(k, Last), step.Op).With(Key(k, Axis), step.Axis).With(Key(k, Shape), Tensors.Shape.Of(step.Shape));

    /// <summary>Reports steps that are written down wrongly: a person can write attributes, too.</summary>
    internal static void Check(Graph graph, DiagnosticBag found)
    {
        for (int k = 0; k < graph.Outputs.Count; k++)
        {
            bool isSaid = new[] { Last, Axis, Shape }.Any(part => graph.Attributes.Has(Key(k, part)));
            if (!isSaid || LastStepOf(graph, k) is not null) continue;
            found.Error(DiagnosticCodes.TypeMismatch,
                $"attributes {Key(k, ".*")} do not say what is left to do to output {Numbers.Format(k)} {graph.Outputs[k].Type.Shape}",
                hint: $"{Last[1..]} is \"{LastStep.Softmax}\" or \"{LastStep.LogSoftmax}\", {Shape[1..]} has as many elements as the output, "
                + $"{Axis[1..]} is one of its axes");
        }
    }

    /// <summary>Names of which none is empty and no two are the same: <c>.1</c>, <c>.2</c>, … is added to one that returns.</summary>
    public static IReadOnlyList<string> Distinct(IEnumerable<string> names)
    {
        var (taken, lastSuffix) = (new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, int>(StringComparer.Ordinal));
        return [.. names.Select((name, k) => Free(name.Length > 0 ? name : $"output{Numbers.Format(k)}"))];

        string Free(string name)
        {
            string free = name;
            while (!taken.Add(free)) free = $"{name}.{Numbers.Format(lastSuffix[name] = lastSuffix.GetValueOrDefault(name) + 1)}";
            return free;
        }
    }

    private static string Key(int k, string part) => $"{Prefix}{Numbers.Format(k)}{part}";
}
