using CortexMl.Ir;

namespace CortexMl.Ops;

/// <summary>Short constructors of attribute columns, so that a row reads as a row.</summary>
public static class Attr
{
    /// <summary>An integer; required where no default is given.</summary>
    public static AttributeSpec Int(string name, string doc, long? value = null, long? min = null, long? max = null) =>
        new(name, AttributeKind.Int,
            value is { } v ? new AttributeValue.Int(v) : null, doc)
        {
            Required = value is null, Min = min, Max = max,
        };

    /// <summary>A real number; required where no default is given.</summary>
    public static AttributeSpec Float(string name, string doc, double? value = null) =>
        new(name, AttributeKind.Float, value is { } v ? new AttributeValue.Float(v) : null, doc) { Required = value is null };

    public static AttributeSpec Bool(string name, string doc, bool value) =>
        new(name, AttributeKind.Bool, new AttributeValue.Bool(value), doc);

    /// <summary>One of <paramref name="choices"/>; the first is the default.</summary>
    public static AttributeSpec Choice(string name, string doc, params string[] choices) =>
        new(name, AttributeKind.Text, new AttributeValue.Text(choices[0]), doc) { Choices = choices };

    /// <summary>Any text; required where no default is given.</summary>
    public static AttributeSpec Text(string name, string doc, string? value = null) =>
        new(name, AttributeKind.Text, value is null ? null : new AttributeValue.Text(value), doc) { Required = value is null };

    /// <summary>A list of integers; required where no default is given.</summary>
    public static AttributeSpec Ints(
        string name, string doc, long[]? value = null, long? min = null, long? max = null, int? count = null) =>
        new(name, AttributeKind.Ints, value is null ? null : new AttributeValue.Ints([.. value]), doc)
        {
            Required = value is null,
            Min = min,
            Max = max,
            Count = count,
        };

    /// <summary>Two integers, height then width, none below <paramref name="min"/>; required where no default is given.</summary>
    public static AttributeSpec Pair(string name, string doc, long? value = null, long min = 1) =>
        Ints(name, doc, value is { } v ? [v, v] : null, min, count: 2);
}
