using System.Globalization;
using Antlr4.Runtime;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Tensors;
using CortexMl.Text.Generated;

namespace CortexMl.Text.Read;

/// <summary>Reads types: <c>f32[1, 3] within 5.375 as i7</c>, <c>i8[1, 3] @ 23.71</c>, <c>i21[1, 16] @ axis 1: @conv0.scale</c>.</summary>
/// <param name="tables">The scale tables of the graph by name.</param>
internal sealed class TypeReader(TextSource source, IReadOnlyDictionary<string, double[]> tables)
{
    /// <summary>The element word of a scale table, which is no value of the graph.</summary>
    public const string TableElement = "f64";

    /// <returns>The type, or null after reporting what is wrong with it.</returns>
    public TensorType? Read(CmlParser.TypeContext syntax)
    {
        var element = Element(syntax.WORD().Symbol);
        var shape = Shape(syntax.LIST().Symbol);
        if (element is not { } known || shape is null) return null;
        var type = new TensorType(known, shape);
        if (syntax.scale() is { } scale)
        {
            if (known.IsFloat) return Refuse(scale.Start, "f32 carries no scale");
            if (Scale(scale, shape) is not { } read) return null;
            type = type with { Scale = read };
        }
        if (syntax.NUMBER() is { Symbol: var threshold })
        {
            if (known.IsInteger) return Refuse(threshold, $"{known} carries no threshold");
            double value = Number(threshold);
            if (!double.IsFinite(value) || value < 0) return Refuse(threshold, "a threshold is finite and not negative");
            type = type with { Threshold = value };
            if (syntax.channels() is { } channels)
            {
                if (Table(channels, shape) is not { } table) return null;
                type = type with { Channels = new ChannelThresholds(table.Axis, table.Name, [.. table.Values]) };
            }
            if (syntax.reading() is { } reading)
            {
                if (Reading(reading) is not { } read) return null;
                type = type with { Reading = read };
            }
        }
        return type;
    }

    /// <summary>The shape of a LIST token, of at most 2^31 - 1 elements; null after reporting what is wrong with it.</summary>
    public Shape? Shape(IToken list)
    {
        if (new ListText(source, list).Integers() is not { } dims) return null;
        double count = 1;
        foreach (long dim in dims)
        {
            if (dim is < 0 or > int.MaxValue)
            {
                source.Error(DiagnosticCodes.UnsupportedLiteral, list, $"{Numbers.Format(dim)} is no dimension");
                return null;
            }
            count *= dim;
        }
        if (count <= int.MaxValue) return Tensors.Shape.Of(dims.Select(d => (int)d));
        source.Error(DiagnosticCodes.TooLarge, list, $"a tensor of shape {source.TextOf(list)} has more than {int.MaxValue} elements");
        return null;
    }

    private ElementType? Element(IToken word)
    {
        var text = source.TextOf(word);
        if (text is "f32") return ElementType.F32;
        if (text[0] == 'i' && text.Length is 2 or 3 && text[1] != '0'
            && int.TryParse(text[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int precision) && precision is >= 1 and <= 32)
            return ElementType.Integer(precision);
        source.Error(
            DiagnosticCodes.UnsupportedLiteral, word, $"'{text}' is no element type", "f32, or i1 to i32 for an integer of that precision");
        return null;
    }

    private Scale? Scale(CmlParser.ScaleContext syntax, Shape shape)
    {
        if (syntax.channels() is { } channels)
            return Table(channels, shape) is var (axis, name, values) ? Ir.Scale.PerChannel(axis, name, values) : null;
        var number = syntax.NUMBER().Symbol;
        double value = Number(number);
        if (double.IsFinite(value) && value > 0) return Ir.Scale.PerTensor(value);
        source.Error(DiagnosticCodes.UnsupportedLiteral, number, "a scale is positive and finite");
        return null;
    }

    /// <summary>How far and with how many bits consumers read; null after reporting what is wrong with it.</summary>
    private Reading? Reading(CmlParser.ReadingContext syntax)
    {
        var reading = new Reading();
        if (syntax.NUMBER() is { Symbol: var times })
        {
            reading = reading with { Headroom = Number(times) };
            if (reading.Headroom is not (>= Ir.Reading.LeastHeadroom and <= Ir.Reading.MostHeadroom))
                return Refused(times, $"{Ir.Reading.LeastHeadroom} to {Ir.Reading.MostHeadroom} times a threshold can be asked for");
        }
        foreach (var word in syntax.WORD().Select(w => w.Symbol))
        {
            string text = source.TextOf(word).ToString();
            if (text is Ir.Reading.PerTensor or Ir.Reading.PerChannel && reading.IsPerChannel is null)
                reading = reading with { IsPerChannel = text == Ir.Reading.PerChannel };
            else if (reading is { Precision: null, IsPerChannel: null } && Element(word) is { } element)
            {
                if (element is not { IsInteger: true, Precision: >= Ir.Reading.LeastPrecision and <= Ir.Reading.MostPrecision })
                    return Refused(
                        word, $"nothing can be read as {text}: i{Ir.Reading.LeastPrecision} to i{Ir.Reading.MostPrecision} are possible");
                reading = reading with { Precision = element.Precision };
            }
            else return Refused(word, $"'{text}' does not say how to read: i7, {Ir.Reading.PerTensor} or {Ir.Reading.PerChannel} does");
        }
        return reading;

        Reading? Refused(IToken at, string message)
        {
            source.Error(DiagnosticCodes.UnsupportedLiteral, at, message);
            return null;
        }
    }

    /// <summary>A table of this graph with a number for each index of the axis; null after reporting what is wrong with it.</summary>
    private (int Axis, string Name, double[] Values)? Table(CmlParser.ChannelsContext syntax, Shape shape)
    {
        IToken number = syntax.NUMBER().Symbol, table = syntax.CONSTANT().Symbol;
        var name = source.NameOf(table);
        if (!tables.TryGetValue(name.Name, out double[]? values))
        {
            source.Error(DiagnosticCodes.UnknownName, table, $"{name} is no scale table of this graph",
                source.Hint(name.Name, tables.Keys) ?? $"a table is written {name}: {TableElement}[…] = […]");
            return null;
        }
        if (!int.TryParse(source.TextOf(number), NumberStyles.None, CultureInfo.InvariantCulture, out int axis) || axis >= shape.Rank)
        {
            source.Error(DiagnosticCodes.TypeMismatch, number, $"shape {shape} has no axis {source.TextOf(number)}");
            return null;
        }
        if (values.Length == shape[axis]) return (axis, name.Name, values);
        source.Error(DiagnosticCodes.TypeMismatch, table,
            $"{name} has {Counted.Of(values.Length, "scale")}, axis {axis} of {shape} has {shape[axis]}");
        return null;
    }

    private double Number(IToken token) => double.Parse(source.TextOf(token), NumberStyles.Float, CultureInfo.InvariantCulture);

    private TensorType? Refuse(IToken at, string message)
    {
        source.Error(DiagnosticCodes.UnsupportedLiteral, at, message);
        return null;
    }
}
