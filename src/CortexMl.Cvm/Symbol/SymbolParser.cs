using CortexMl.Diagnostics;

namespace CortexMl.Cvm.Symbol;

/// <summary>
/// Reads a symbol by its schema (CortexMl.Cvm/SPECIFICATION.md §4.2, §4.3). Stops at the first mistake: what follows has no meaning any
/// more.
/// </summary>
internal sealed class SymbolParser
{
    private readonly JsonReader _json;
    private readonly SymbolFile _file;

    private SymbolParser(ReadOnlyMemory<byte> text, string fileName)
    {
        var lines = new LineIndex(text, fileName);
        _json = new JsonReader(text, lines.At);
        _file = new SymbolFile { Text = text, Locate = lines.At };
    }

    /// <exception cref="DiagnosticException">Syntax (class runtime) or schema (class logic).</exception>
    public static SymbolFile Parse(ReadOnlyMemory<byte> text, string fileName) => new SymbolParser(text, fileName).ReadFile();

    private SymbolFile ReadFile()
    {
        var required = new HashSet<string>(["nodes", "heads", "attrs"], StringComparer.Ordinal);
        var top = _json.Open('{');
        while (_json.NextKey(ref top, out string key))
        {
            required.Remove(key);
            _file.Offsets[key] = _json.Offset;
            switch (key)
            {
                case "nodes": _file.Nodes = _json.ReadList(ReadNode); break;
                case "heads": _file.Heads = _json.ReadList(ReadReference); break;
                case "arg_nodes": _file.ArgNodes = _json.ReadList(_json.ReadUInt); break;
                case "node_row_ptr": _file.RowPointers = _json.ReadList(_json.ReadUInt); break;
                case "version": _file.Version = _json.ReadString(); break;
                case "postprocess": _file.Postprocess = _json.ReadString(); break;
                case "attrs": new SymbolListsParser(_json, _file).Read(); break;
                default: throw _json.UnknownKey(_json.Offset, key, "nodes, arg_nodes, node_row_ptr, heads, attrs, version, postprocess");
            }
        }
        if (required.Count > 0) throw _json.Schema(0, $"missing: {string.Join(", ", required.Order(StringComparer.Ordinal))}");
        return _file;
    }

    private SymbolFileNode ReadNode()
    {
        int offset = _json.Offset;
        string? op = null, name = null, function = null;
        EntryReference[]? inputs = null;
        var node = _json.Open('{');
        while (_json.NextKey(ref node, out string key))
        {
            switch (key)
            {
                case "op": op = _json.ReadString(); break;
                case "name": name = _json.ReadString(); break;
                case "inputs": inputs = [.. _json.ReadList(ReadReference)]; break;
                case "attrs": function = ReadNodeAttributes(); break;
                case "precision": _json.ReadInt(); break;
                default: throw _json.UnknownKey(_json.Offset, key, "op, name, inputs, attrs, precision");
            }
        }
        if (op is null || name is null || inputs is null) throw _json.Schema(offset, "a node needs op, name and inputs");
        if (op is not ("null" or "cvm_op"))
            throw _json.Schema(offset, $"node '{name}': op is '{op}'", "op is \"null\" for a variable, \"cvm_op\" for an operator");
        return new SymbolFileNode(op == "null", name, function, inputs, offset);
    }

    private string ReadNodeAttributes()
    {
        int offset = _json.Offset;
        string? function = null;
        var attributes = _json.Open('{');
        while (_json.NextKey(ref attributes, out string key))
        {
            if (key == "func_name") function = _json.ReadString();
            else if (key is "num_inputs" or "num_outputs" or "flatten_data" or "op_attrs") _json.ReadStringRange();
            else throw _json.UnknownKey(_json.Offset, key, "func_name, num_inputs, num_outputs, flatten_data, op_attrs");
        }
        return function ?? throw _json.Schema(offset, "attrs of a node without func_name");
    }

    /// <summary><c>[node, index]</c> or <c>[node, index, version]</c>.</summary>
    private EntryReference ReadReference()
    {
        int offset = _json.Offset, count = 0;
        Span<uint> numbers = stackalloc uint[3];
        var items = _json.Open('[');
        while (_json.NextItem(ref items))
        {
            if (count == 3) throw WrongReference(offset);
            numbers[count++] = _json.ReadUInt();
        }
        return count >= 2 ? new EntryReference(numbers[0], numbers[1], offset) : throw WrongReference(offset);
    }

    private DiagnosticException WrongReference(int offset) =>
        _json.Schema(offset, "a reference has two or three numbers: node, index, version");
}
