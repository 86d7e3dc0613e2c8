using System.Collections.Immutable;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Emit;

/// <summary>Writes one element of <c>op_attrs</c>: JSON text whose values are texts as Python prints them.</summary>
internal static class AttributeWriter
{
    /// <summary>The attributes that the operation was given, sorted by name.</summary>
    public static string Of(Operation operation) =>
        Object(operation.Attributes.Where(a => a.Key != RowCheck.Slot.Name).Select(a => (a.Key, Text(a.Value))));

    /// <summary>Of a variable: its shape and precision.</summary>
    public static string OfVariable(TensorType type) =>
        Object([("shape", Text(type.Shape)), ("precision", Numbers.Format(type.Precision))]);

    private static string Object(IEnumerable<(string Name, string Value)> members) =>
        "{" + string.Join(", ", members.Select(m => $"{JsonQuote.Quote(m.Name)}: {JsonQuote.Quote(m.Value)}")) + "}";

    private static string Text(AttributeValue value) => value switch
    {
        AttributeValue.Bool b => b.Value ? "True" : "False",
        AttributeValue.Ints t => Tuple(t.Value),
        AttributeValue.Text s => s.Value,
        _ => value.ToString()!,
    };

    private static string Text(Shape shape) => Tuple([.. shape.Select(dim => (long)dim)]);

    private static string Tuple(ImmutableArray<long> elements) =>
        "(" + string.Join(", ", elements.Select(Numbers.Format)) + (elements.Length == 1 ? ",)" : ")");
}
