using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.RandomGraphs;

/// <summary>Random attributes of the kinds and ranges that a row names; whether they fit together the row decides.</summary>
internal sealed class AttributeGrower(Choices choices)
{
    private static readonly double[] Floats = [0.5, 1, -3, 1e-5, 0.1, 1e22, -0.0];

    public Attributes For(OpSpec spec, Shape data)
    {
        var result = Attributes.Empty;
        foreach (var attribute in spec.Attributes)
            if (attribute.Required || choices.OneIn(3)) result = result.With(attribute.Name, Value(attribute, data));
        return result;
    }

    private AttributeValue Value(AttributeSpec spec, Shape data) => spec.Kind switch
    {
        AttributeKind.Int => Within(spec, choices.Of(1, 2, 6, 0, 3, -1)),
        AttributeKind.Float => choices.Of(Floats),
        AttributeKind.Bool => choices.OneIn(2),
        AttributeKind.Text => spec.Choices is { } known ? choices.Of(known) : spec.Default ?? "odd \"text\"\n",
        _ => Ints(spec, data),
    };

    private long[] Ints(AttributeSpec spec, Shape data)
    {
        int count = spec.Count ?? choices.Of(data.Rank, 2, 1);
        if (choices.OneIn(3)) return [.. Enumerable.Range(0, count).Select(i => Within(spec, i))];
        long one = spec.Name.StartsWith("kernel", StringComparison.Ordinal) ? 3 : choices.Of(1, 2, 0, -1);
        return [.. Enumerable.Repeat(Within(spec, one), count)];
    }

    private static long Within(AttributeSpec spec, long value) => Math.Clamp(value, spec.Min ?? long.MinValue, spec.Max ?? long.MaxValue);
}
