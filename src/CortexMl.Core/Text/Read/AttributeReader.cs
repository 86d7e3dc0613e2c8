using System.Globalization;
using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Text.Generated;

namespace CortexMl.Text.Read;

/// <summary>
/// Reads <c>{axis = 1, kernel = [3, 3], mode = "DCR"}</c>. Whether the operator has such attributes is its row's business.
/// </summary>
internal sealed class AttributeReader(TextSource source)
{
    /// <param name="spec">The row, whose float attributes may be written as integers; null for attributes of a graph.</param>
    /// <returns>The attributes, or null after reporting what is wrong with them.</returns>
    public Attributes? Read(CmlParser.AttributesContext? syntax, OpSpec? spec)
    {
        var result = Attributes.Empty;
        bool fine = true;
        foreach (var attribute in syntax?.attribute() ?? [])
        {
            string name = attribute.name().GetText();
            if (result.Has(name))
            {
                source.Error(DiagnosticCodes.DuplicateName, attribute.Start, $"attribute '{name}' is given twice");
                fine = false;
            }
            if (Value(attribute.literal().Start, spec?.Attribute(name)?.Kind) is { } value) result = result.With(name, value);
            else fine = false;
        }
        return fine ? result : null;
    }

    private AttributeValue? Value(IToken literal, AttributeKind? wanted)
    {
        switch (literal.Type)
        {
            case CmlParser.STRING: return new AttributeValue.Text(source.StringOf(literal));
            case CmlParser.LIST: return new ListText(source, literal).Integers() is { } ints ? new AttributeValue.Ints([.. ints]) : null;
            case CmlParser.NUMBER: return Number(literal, wanted == AttributeKind.Float);
            default: return new AttributeValue.Bool(source.TextOf(literal) is "true");
        }
    }

    private AttributeValue? Number(IToken literal, bool asFloat)
    {
        var text = source.TextOf(literal);
        bool isInteger = text.IndexOfAny(".eEN") < 0 && !text.EndsWith("Infinity");
        if (isInteger && !asFloat)
        {
            if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value))
                return new AttributeValue.Int(value);
            source.Error(DiagnosticCodes.UnsupportedLiteral, literal, $"{text} does not fit a 64-bit integer");
            return null;
        }
        double number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (!double.IsInfinity(number) || text.EndsWith("Infinity")) return new AttributeValue.Float(number);
        source.Error(DiagnosticCodes.UnsupportedLiteral, literal, $"{text} does not fit a 64-bit float");
        return null;
    }
}
