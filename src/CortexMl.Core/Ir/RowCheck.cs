using CortexMl.Diagnostics;

namespace CortexMl.Ir;

/// <summary>The checks that follow from a row alone: operand count, element kinds, attribute names, kinds, ranges and choices.</summary>
public static class RowCheck
{
    /// <summary>Attributes that any operation may carry: <c>slot</c>, the storage slots that plan-storage gave its results.</summary>
    public static readonly AttributeSpec Slot = new("slot", AttributeKind.Ints, Doc: "storage slot of each result") { Min = 0 };

    /// <summary>
    /// An attribute that any operation of the float level may carry, and that changes nothing there: 1 keeps it in float in this run, to
    /// see what its integers cost.
    /// </summary>
    public static readonly AttributeSpec Restore = new("restore", AttributeKind.Int, Doc: "1 keeps the operation in float in this run")
    {
        Min = 0, Max = 1,
    };

    /// <summary>
    /// The operand count, then the attributes. The CVM runtime looks at attributes first (CortexMl.Cvm/SPECIFICATION.md §6.2 c): the
    /// reader of its files calls <see cref="CheckAttributes"/> and counts for itself.
    /// </summary>
    /// <exception cref="RuleException">The first thing that does not fit.</exception>
    public static void Check(IOperation op)
    {
        var spec = op.Spec;
        int count = op.OperandCount;
        if (count < spec.MinOperands || count > spec.MaxOperands)
            throw op.Logic($"{Counted.Of(count, "operand")} where {spec.Name} takes {Range(spec)}");
        CheckAttributes(op);
    }

    /// <exception cref="RuleException">An attribute is unknown, out of range or missing.</exception>
    public static void CheckAttributes(IOperation op)
    {
        foreach (var (_, error) in Mistakes(op)) throw error;
    }

    /// <summary>All attributes that are unknown, out of range or missing, with what to throw; those that are written first.</summary>
    public static IEnumerable<(string Attribute, RuleException Error)> Mistakes(IOperation op)
    {
        var spec = op.Spec;
        foreach (var (name, value) in op.Attributes)
        {
            var attribute = spec.Attribute(name) ?? (name == Slot.Name ? Slot : name == Restore.Name && MayRestore(spec) ? Restore : null);
            if (attribute is null) yield return (name, op.Runtime($"unknown attribute '{name}'", Known(spec)));
            else if (Problem(attribute, value) is { } problem) yield return (name, op.Runtime($"attribute '{name}' = {value}: {problem}"));
        }
        foreach (var attribute in spec.Attributes)
        {
            if (attribute.Required && !op.Attributes.Has(attribute.Name))
                yield return (attribute.Name, op.Runtime($"attribute '{attribute.Name}' is missing", attribute.Doc));
        }
    }

    private static bool MayRestore(OpSpec spec) => spec.Levels == Level.Float;

    private static string? Problem(AttributeSpec spec, AttributeValue value)
    {
        bool widened = spec.Kind == AttributeKind.Float && value.Kind == AttributeKind.Int;
        if (value.Kind != spec.Kind && !widened) return $"expected {spec.Kind}, found {value.Kind}";
        return value switch
        {
            AttributeValue.Int v when v.Value < spec.Min || v.Value > spec.Max => OutOfRange(spec),
            AttributeValue.Ints v when spec.Count is { } n && v.Value.Length != n =>
                $"expected {Counted.Of(n, "element")}, found {v.Value.Length}",
            AttributeValue.Ints v when v.Value.Any(e => e < spec.Min || e > spec.Max) => OutOfRange(spec),
            AttributeValue.Text v when spec.Choices is { } choices && !choices.Contains(v.Value) =>
                $"expected one of {string.Join(", ", choices)}",
            _ => null,
        };
    }

    private static string OutOfRange(AttributeSpec spec) => (spec.Min, spec.Max) switch
    {
        ({ } min, { } max) => $"outside {min}..{max}",
        ({ } min, null) => $"below {min}",
        _ => $"above {spec.Max}",
    };

    private static string Range(OpSpec spec) =>
        spec.MaxOperands == int.MaxValue ? $"{spec.MinOperands} or more"
        : spec.MinOperands == spec.MaxOperands ? $"{spec.MinOperands}" : $"{spec.MinOperands} to {spec.MaxOperands}";

    private static string Known(OpSpec spec) =>
        spec.Attributes.Count == 0
            ? "the operator has no attributes"
            : "attributes: " + string.Join(", ", spec.Attributes.Select(a => a.Name));
}
