using System.Text;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Cli.Presentation;

/// <summary>Operators and passes as plain text.</summary>
internal static class OpsText
{
    public static string List(IReadOnlyList<OpSpec> rows) => Columns(rows.Select(r => (r.Name, r.Doc)));

    public static string List(IReadOnlyList<MxNetOp> rows) => Columns(rows.Select(r => (string.Join(", ", r.Names), r.Doc)));

    public static string List(IReadOnlyList<OnnxOp> rows) =>
        Columns(rows.Select(r => (r.Name, r.Doc)).OrderBy(r => r.Name, StringComparer.Ordinal));

    /// <summary>Rows and the operators that they are exported as.</summary>
    public static string List(IReadOnlyList<(OpSpec Row, string Form)> forms) => Columns(forms.Select(f => (f.Row.Name, f.Form)));

    public static string Describe(OnnxOp row) => $"{row.Name}\n  {row.Doc}\n";

    public static string Describe(OpSpec row)
    {
        var text = new StringBuilder(
            $"{row.Name}({string.Join(", ", row.Operands.Select(Operand))})\n  {row.Doc}\n  levels: {LevelNames.Of(row.Levels)}\n");
        if (row.Operands.Count > 0) text.Append("operands\n").Append(Columns(row.Operands.Select(o => ("  " + Operand(o), o.Doc))));
        if (row.Attributes.Count > 0)
            text.Append("attributes\n").Append(Columns(row.Attributes.Select(a => ($"  {a.Name}: {Kind(a)}", Meaning(a)))));
        return text.ToString();
    }

    public static string Describe(MxNetOp row)
    {
        var text = new StringBuilder(
            $"{string.Join(", ", row.Names)}\n  {row.Doc}\n  inputs: {string.Join(", ", row.Data)}{(row.IsVariadic ? ", …" : "")}\n");
        if (row.Parameters.Count > 0) text.Append($"  parameters: {string.Join(", ", row.Parameters)}\n");
        if (row.Attributes.Count > 0)
            text.Append("attributes\n")
                .Append(Columns(
                row.Attributes.Select(a =>
                ($"  {a.Name}", $"{(a.Default is null ? "required" : $"default {a.Default}")}{(a.Doc.Length > 0 ? "; " + a.Doc : "")}"))));
        return text.ToString();
    }

    /// <summary>Two columns, the second aligned.</summary>
    public static string Columns(IEnumerable<(string Left, string Right)> rows)
    {
        const int Widest = 32;
        var all = rows.ToList();
        int width = all.Count == 0 ? 0 : Math.Min(Widest, all.Max(r => r.Left.Length));
        return string.Concat(all.Select(r => $"{r.Left.PadRight(width)}  {r.Right}".TrimEnd() + "\n"));
    }

    private static string Operand(OperandSpec operand) =>
        operand.Arity switch { Arity.Optional => operand.Name + "?", Arity.Variadic => operand.Name + "…", _ => operand.Name };

    private static string Kind(AttributeSpec attribute) =>
        attribute.Choices is { } choices
            ? string.Join("|", choices)
            : attribute.Kind.ToString().ToLowerInvariant() + (attribute.Count is { } count ? $"[{count}]" : "");

    private static string Meaning(AttributeSpec attribute)
    {
        string given = attribute.Required ? "required" : attribute.Default is { } value ? $"default {value}" : "optional";
        return attribute.Doc.Length == 0 ? given : $"{given}; {attribute.Doc}";
    }
}
