using System.Text;
using CortexMl.Cvm.Symbol;
using CortexMl.Ir;
using CortexMl.Numerics;

namespace CortexMl.Cvm.Emit;

/// <summary>Prints the symbol: two spaces of indentation, keys always in the same order, short lists on one line.</summary>
internal sealed class SymbolWriter(EmitTable table, string version)
{
    private readonly StringBuilder _text = new();

    public byte[] Write()
    {
        _text.Append("{\n  \"nodes\": [\n").AppendJoin(",\n", table.Nodes.Select(Node)).Append("\n  ],\n");
        _text.Append("  \"arg_nodes\": ")
            .Append(Numbered(table.Nodes.Index().Where(n => n.Item.Operation is null).Select(n => (long)n.Index))).Append(",\n");
        _text.Append("  \"node_row_ptr\": ").Append(Numbered(RowPointers())).Append(",\n");
        _text.Append("  \"heads\": ").Append(References(table.Graph.Outputs)).Append(",\n");
        _text.Append("  \"attrs\": {\n").AppendJoin(",\n", Lists()).Append("\n  },\n");
        _text.Append("  \"version\": ").Append(JsonQuote.Quote(version));
        if (table.Graph.Attributes["postprocess"] is AttributeValue.Text { Value: var postprocess })
            _text.Append(",\n  \"postprocess\": ").Append(JsonQuote.Quote(postprocess));
        return ByteText.Encode(_text.Append("\n}\n").ToString());
    }

    private string Node(EmitNode node)
    {
        bool isVariable = node.Operation is null;
        List<string> members = [$"\"op\": \"{(isVariable ? "null" : "cvm_op")}\"", $"\"name\": {JsonQuote.Quote(node.Name)}"];
        if (node.Operation is { } operation) members.Add("\"attrs\": " + Attributes(operation));
        members.Add("\"inputs\": " + References(node.Operation?.Operands ?? []));
        return "    {\n      " + string.Join(",\n      ", members) + "\n    }";
    }

    private static string Attributes(Operation operation)
    {
        string[] members =
        [
            $"\"func_name\": {JsonQuote.Quote(operation.Spec.CvmName!)}",
            $"\"num_inputs\": \"{Numbers.Format(operation.Operands.Count)}\"",
            $"\"num_outputs\": \"{Numbers.Format(operation.Results.Count)}\"",
            "\"flatten_data\": \"0\"",
        ];
        return "{\n        " + string.Join(",\n        ", members) + "\n      }";
    }

    private IEnumerable<string> Lists()
    {
        yield return List("op_attrs", "list_str", table.Nodes.Select(n =>
            JsonQuote.Quote(n.Operation is { } operation ? AttributeWriter.Of(operation) : AttributeWriter.OfVariable(n.Results[0].Type))));
        yield return List("dltype", "list_str", table.Entries.Select(_ => "\"int32\""));
        yield return List("precision", "list_int", table.Nodes.SelectMany(n => n.Results.Select(r => Numbers.Format(Precision(n, r)))));
        yield return List("storage_id", "list_int", table.StorageIds.Select(Numbers.Format));
        yield return List("shape", "list_shape", table.Entries.Select(e => e.Type.Shape.ToString()));
    }

    /// <summary>Of variables, and of operations that are told one; the runtime infers the others and -1 leaves them to it.</summary>
    private static long Precision(EmitNode node, Value result) =>
        node.Operation is null
            ? result.Type.Precision : node.Operation.Attributes["precision"] is AttributeValue.Int { Value: var given } ? given : -1;

    private IEnumerable<long> RowPointers()
    {
        long next = 0;
        yield return next;
        foreach (var node in table.Nodes) yield return next += node.Results.Count;
    }

    private string References(IEnumerable<Value> values) => "[" + string.Join(", ", values.Select(value =>
    {
        var (node, output) = table.Place(value);
        return $"[{Numbers.Format(node)}, {Numbers.Format(output)}, 0]";
    })) + "]";

    private static string List(string key, string kind, IEnumerable<string> items) => items.Any() && kind != "list_int"
        ? $"    \"{key}\": [\"{kind}\", [\n      {string.Join(",\n      ", items)}\n    ]]"
        : $"    \"{key}\": [\"{kind}\", [{string.Join(", ", items)}]]";

    private static string Numbered(IEnumerable<long> numbers) => "[" + string.Join(", ", numbers.Select(Numbers.Format)) + "]";
}

/// <summary>Strings with the only escapes that the runtime reads (CortexMl.Cvm/SPECIFICATION.md §4.1).</summary>
internal static class JsonQuote
{
    public static string Quote(string text)
    {
        var result = new StringBuilder("\"", text.Length + 2);
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => result.Append("\\\""),
                '\\' => result.Append("\\\\"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                _ => result.Append(c),
            };
        }
        return result.Append('"').ToString();
    }
}
