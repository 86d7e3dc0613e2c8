using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Cvm.Attributes;

/// <summary>One node's element of <c>op_attrs</c>: JSON text of names and texts, read by the kinds of the operator's row.</summary>
internal static class OpAttributes
{
    /// <exception cref="DiagnosticException">The first thing wrong, with the runtime's class.</exception>
    public static Ir.Attributes Read(OpSpec spec, byte[] json, SourceLocation location)
    {
        var given = ReadTexts(json, location);
        if (spec.Attributes.Count == 0 && given.Count > 0)
            throw Failure(FailureClass.Logic, $"{spec.CvmName} has no attributes, found '{given.Keys.First()}'", location);
        var result = Ir.Attributes.Empty;
        foreach (var (name, text) in given)
        {
            if (IsHidden(name)) continue;
            var attribute = spec.Attribute(name)
                ?? throw Failure(FailureClass.Runtime, $"{spec.CvmName} has no attribute '{name}'", location,
                "it has " + string.Join(", ", spec.Attributes.Select(a => a.Name)));
            var value = AttributeText.Read(attribute, text, out bool isNone);
            if (value is not null) result = result.With(name, value);
            else if (!isNone)
                throw Failure(FailureClass.Runtime, $"{spec.CvmName}: attribute '{name}' is '{text}'", location,
                    $"write {AttributeText.Expected(attribute)}");
        }
        return result;
    }

    /// <summary>Names that start and end with <c>__</c> are the compiler's own notes.</summary>
    private static bool IsHidden(string name) =>
        name.Length > 4 && name.StartsWith("__", StringComparison.Ordinal) && name.EndsWith("__", StringComparison.Ordinal);

    private static SortedDictionary<string, string> ReadTexts(byte[] json, SourceLocation location)
    {
        var texts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var reader = new JsonReader(json, _ => location);
        try
        {
            var items = reader.Open('{');
            while (reader.NextKey(ref items, out string key)) texts[key] = reader.ReadString();
        }
        catch (DiagnosticException error)
        {
            throw Failure(FailureClass.Runtime, $"op_attrs, character {reader.Offset + 1}: {error.Diagnostics[0].Message}",
                location, error.Diagnostics[0].Hint);
        }
        return texts;
    }

    private static DiagnosticException Failure(FailureClass failure, string message, SourceLocation location, string? hint = null) =>
        new(CvmCodes.OperatorAttribute, message, location, hint, failure);
}
