using System.Collections.Immutable;
using CortexMl.Ir;

namespace CortexMl.Cvm.Attributes;

/// <summary>Reads the text of one operator attribute exactly as the runtime does (CortexMl.Cvm/SPECIFICATION.md §5).</summary>
internal static class AttributeText
{
    /// <summary>The value, or null where the text is not of the attribute's kind.</summary>
    /// <param name="isNone">The text is <c>None</c> for an integer that may be left out.</param>
    public static AttributeValue? Read(AttributeSpec spec, string text, out bool isNone)
    {
        isNone = false;
        switch (spec.Kind)
        {
            case AttributeKind.Int when spec is { Required: false, Default: null }: return OptionalInt(text, out isNone);
            case AttributeKind.Int: return Int(text);
            case AttributeKind.Bool: return Bool(text);
            case AttributeKind.Ints: return Tuple(text, spec);
            default: return new AttributeValue.Text(text);
        }
    }

    /// <summary>How the kind is written, for hints.</summary>
    public static string Expected(AttributeSpec spec) => spec.Kind switch
    {
        AttributeKind.Int => "a 32-bit integer such as \"3\"",
        AttributeKind.Bool => "True or False",
        AttributeKind.Ints => "a tuple such as \"(1, 1)\"",
        _ => "text",
    };

    private static AttributeValue.Int? Int(string text)
    {
        var scan = new TextScanner(text);
        return scan.Integer(int.MinValue, int.MaxValue) is { } value && scan.OnlySpaceLeft() ? new(value) : null;
    }

    private static AttributeValue.Int? OptionalInt(string text, out bool isNone)
    {
        isNone = text.StartsWith("None", StringComparison.Ordinal) && new TextScanner(text[4..]).OnlySpaceLeft();
        if (isNone) return null;
        var scan = new TextScanner(text);
        if (scan.Integer(int.MinValue, int.MaxValue) is not { } value) return null;
        if (scan.Peek() == 'L') scan.Take();
        return scan.OnlySpaceLeft() ? new(value) : null;
    }

    private static AttributeValue.Bool? Bool(string text) => text.ToLowerInvariant() switch
    {
        "true" or "1" => new(true),
        "false" or "0" => new(false),
        _ => null,
    };

    private static AttributeValue.Ints? Tuple(string text, AttributeSpec spec)
    {
        var (min, max) = spec is { Min: int.MinValue, Max: int.MaxValue } ? (int.MinValue, int.MaxValue) : (long.MinValue, long.MaxValue);
        var scan = new TextScanner(text);
        scan.SkipSpace();
        if (scan.Peek() is '-' or (>= '0' and <= '9'))
            return scan.Integer(min, max) is { } single && scan.OnlySpaceLeft() ? new([single]) : null;
        if (scan.Take() is not ('(' or '[')) return null;
        var elements = ImmutableArray.CreateBuilder<long>();
        scan.SkipSpace();
        while (scan.Peek() is not (')' or ']'))
        {
            if (scan.Integer(min, max) is not { } element) return null;
            elements.Add(element);
            scan.SkipSpace();
            bool isLong = scan.Peek() == 'L';
            if (isLong) scan.Take();
            if (scan.Peek() is ')' or ']') break;
            if (scan.Take() != ',') return null;
            scan.SkipSpace();
        }
        scan.Take();
        return scan.OnlySpaceLeft() ? new(elements.ToImmutable()) : null;
    }
}
