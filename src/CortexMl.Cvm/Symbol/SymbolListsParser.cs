namespace CortexMl.Cvm.Symbol;

/// <summary>Reads the graph's <c>attrs</c> (CortexMl.Cvm/SPECIFICATION.md §4.4): each value is <c>["kind", payload]</c>.</summary>
internal sealed class SymbolListsParser(JsonReader json, SymbolFile file)
{
    private const string Known = "op_attrs, dltype, storage_id, shape, precision, device_index, dtype";

    public void Read()
    {
        int offset = json.Offset;
        var lists = file.Lists;
        var required = new HashSet<string>(["op_attrs", "storage_id", "shape"], StringComparer.Ordinal);
        var attributes = json.Open('{');
        while (json.NextKey(ref attributes, out string key))
        {
            required.Remove(key);
            file.Offsets[key] = json.Offset;
            switch (key)
            {
                case "op_attrs": Tagged(key, "list_str", () => lists.OpAttributes = json.ReadList(json.ReadStringRange)); break;
                case "dltype": Tagged(key, "list_str", () => lists.Int32Types = json.ReadList(() => json.ReadString() == "int32")); break;
                case "storage_id": Tagged(key, "list_int", () => lists.StorageIds = json.ReadList(json.ReadInt)); break;
                case "precision": Tagged(key, "list_int", () => lists.Precisions = json.ReadList(json.ReadInt)); break;
                case "device_index": Tagged(key, "list_int", () => lists.DeviceIndices = json.ReadList(json.ReadInt).Count); break;
                case "shape": Tagged(key, "list_shape", () => lists.Shapes = Shapes()); break;
                case "dtype": Ignored(); break;
                default: throw json.UnknownKey(json.Offset, key, Known);
            }
        }
        if (required.Count > 0) throw json.Schema(offset, $"attrs lacks {string.Join(", ", required.Order(StringComparer.Ordinal))}");
    }

    private void Tagged(string key, string kind, Action readPayload)
    {
        var pair = json.Open('[');
        int offset = json.Offset;
        if (!json.NextItem(ref pair)) throw json.Schema(offset, $"{key} is empty", $"expected [\"{kind}\", …]");
        if (json.ReadString() is var found && found != kind) throw json.Schema(offset, $"{key} is of kind {found}", $"expected {kind}");
        if (!json.NextItem(ref pair)) throw json.Schema(offset, $"{key} has no {kind} behind the kind");
        readPayload();
        if (json.NextItem(ref pair)) throw json.Schema(json.Offset, $"{key} has a third element");
    }

    /// <summary><c>dtype</c>: read and forgotten. The reference takes a bare number behind <c>list_str</c>.</summary>
    private void Ignored()
    {
        var pair = json.Open('[');
        int offset = json.Offset;
        if (!json.NextItem(ref pair)) throw json.Schema(offset, "dtype is empty");
        string kind = json.ReadString();
        if (kind is not ("list_int" or "list_str")) throw json.Syntax(offset, $"dtype is of kind {kind}", "expected list_int");
        if (!json.NextItem(ref pair)) throw json.Schema(offset, $"dtype has no {kind} behind the kind");
        if (kind == "list_int") json.ReadList(json.ReadInt);
        else json.ReadLong();
        if (json.NextItem(ref pair)) throw json.Schema(json.Offset, "dtype has a third element");
    }

    private ShapeList Shapes()
    {
        var shapes = new ShapeList();
        var outer = json.Open('[');
        while (json.NextItem(ref outer))
        {
            var inner = json.Open('[');
            while (json.NextItem(ref inner)) shapes.AddDim(json.ReadLong());
            shapes.EndShape();
        }
        return shapes;
    }
}
