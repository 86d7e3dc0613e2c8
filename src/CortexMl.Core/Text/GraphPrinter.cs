using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Numerics;

namespace CortexMl.Text;

/// <summary>Prints one graph.</summary>
internal sealed class GraphPrinter
{
    private readonly Graph _graph;
    private readonly TextWriter _text;
    private readonly PrintOptions _options;
    private readonly IReadOnlyList<Operation> _order;
    private readonly PrintNames _names;

    public GraphPrinter(Graph graph, TextWriter text, PrintOptions options)
    {
        _graph = graph;
        _text = text;
        _options = options;
        _order = options.StripNames ? ConstantsAtFirstUse(graph) : graph.Operations;
        _names = new PrintNames(graph, _order, options.StripNames);
    }

    public void Print()
    {
        var tables = new List<ChannelTable>();
        string inputs = string.Join(", ", _graph.Inputs.Select(i => $"{_names[i]}: {Type(i.Type, tables)}"));
        string outputs = string.Join(", ", _graph.Outputs.Select(o => Type(o.Type, tables)));
        _text.Write(_graph.Level == Level.Quant ? "quant graph @" : "graph @");
        _text.Write($"{(_options.StripNames ? "graph" : NameSpelling.Of(_graph.Name))}({inputs})");
        if (outputs.Length > 0) _text.Write($" -> {outputs}");
        var attributes = _graph.Attributes.Where(a => !(_options.StripNames && OutputSignature.IsName(a.Key))
            && !(_options.StripScales && InputSignature.IsCentering(a.Key))).ToList();
        if (attributes.Count > 0) _text.Write($" attributes {List(attributes)}");
        Line(" {");
        Tables(tables);
        foreach (var operation in _order) Print(operation);
        Line(_graph.Outputs.Count == 0 ? "  return" : $"  return {string.Join(", ", _graph.Outputs.Select(o => _names[o]))}");
        Line("}");
    }

    private void Print(Operation operation)
    {
        var tables = new List<ChannelTable>();
        string types =
            string.Join(", ", operation.Results.Select(r => Type(IsScaledByHeader(r) ? r.Type with { Scale = null } : r.Type, tables)));
        Tables(tables);
        if (operation.Constant is { } constant)
        {
            _text.Write($"  {_names[operation.Result]}: {types} = ");
            Elements(operation.Result, constant);
            Line("");
            return;
        }
        _text.Write($"  {string.Join(", ", operation.Results.Select(r => _names[r]))} = {operation.Spec.Name}");
        _text.Write($"({string.Join(", ", operation.Operands.Select(o => _names[o]))})");
        if (operation.Attributes.Count > 0) _text.Write($" {List(operation.Attributes)}");
        Line($" : {types}");
    }

    /// <summary>At the cvm level only inputs and outputs carry a scale: the graph's header says it, the operation need not.</summary>
    private bool IsScaledByHeader(Value result) => _graph.Level == Level.Cvm && result.IsOutput;

    private void Elements(Value value, ConstantData constant)
    {
        switch (_options.StripNames ? null : constant.Origin)
        {
            case ConstantOrigin.File file when !_options.Whole:
                File(file);
                return;
            case ConstantOrigin.Random random:
                _text.Write($"random({Numbers.Format(random.Seed)})");
                return;
        }
        if (constant.Tensor.Length <= _options.InlineLimit)
        {
            _text.Write('[');
            for (int i = 0; i < constant.Tensor.Length; i++)
                _text.Write((i == 0 ? "" : ", ")
                    + (value.Type.Element.IsFloat ? Numbers.Format(constant.Floats[i]) : Numbers.Format(constant.Integers[i])));
            _text.Write(']');
        }
        else if (!_options.StripNames && !_options.Whole && _options.Place?.Invoke(value.Name!, constant) is { } place)
            File(place);
        else if (!_options.StripNames && _options.Whole) EncodedElements.Write(_text, value.Type, constant);
        else _text.Write($"dense<sha256:{constant.Digest}>");
    }

    private void File(ConstantOrigin.File file) => _text.Write($"file({Quoted.Write(file.Path)}, {Quoted.Write(file.Key)})");

    /// <summary>The type as text; a table that it is the first to name is added to <paramref name="tables"/>.</summary>
    private string Type(TensorType type, List<ChannelTable> tables)
    {
        if (_options.StripScales) type = type with { Scale = null };
        if (type.Scale is { Axis: { } axis } scale)
            return $"{type.Element}{type.Shape} @ {Channels(axis, new ChannelTable(scale.Name!, scale.Values), tables)}";
        return type.Channels is { } reach
            ? $"{type with { Channels = null, Reading = null }} {Channels(reach.Axis, new ChannelTable(reach.Name, reach.Values), tables)}"
                + (type.Reading is { } reading ? $" {reading}" : "")
            : type.ToString();
    }

    private string Channels(int axis, ChannelTable table, List<ChannelTable> tables)
    {
        string name = _names.Spell(table, out bool isNew);
        if (isNew) tables.Add(table);
        return $"axis {Numbers.Format(axis)}: {name}";
    }

    private void Tables(List<ChannelTable> tables)
    {
        foreach (var table in tables)
        {
            string values = string.Join(", ", table.Values.Select(Numbers.Format));
            Line($"  {_names.Spell(table, out _)}: f64[{Numbers.Format(table.Values.Length)}] = [{values}]");
        }
    }

    private void Line(string end) => _text.Write(end + "\n");

    private static string List(IEnumerable<KeyValuePair<string, AttributeValue>> attributes) =>
        $"{{{string.Join(", ", attributes.Select(a => $"{a.Key} = {a.Value}"))}}}";

    private static List<Operation> ConstantsAtFirstUse(Graph graph)
    {
        var order = new List<Operation>();
        var placed = new HashSet<Operation>();
        foreach (var operation in graph.Operations.Where(o => o.Constant is null))
        {
            order.AddRange(operation.Operands.Where(o => o.IsConstant && placed.Add(o.Producer!)).Select(o => o.Producer!));
            order.Add(operation);
        }
        order.AddRange(graph.Outputs.Where(o => o.IsConstant && placed.Add(o.Producer!)).Select(o => o.Producer!));
        return order;
    }
}
