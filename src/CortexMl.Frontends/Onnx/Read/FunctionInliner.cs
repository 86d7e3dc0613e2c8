using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Read;

//  y = my.SiLU(x)     my.SiLU(a) → c: b = Sigmoid(a), c = Mul(a, b)     ⇒     y/b = Sigmoid(x), y = Mul(x, y/b)
//
// The model's own functions, in place of the nodes that call them: in the graph, in bodies of control flow and in functions.
internal sealed class FunctionInliner
{
    private const int MostNodes = 200_000, Deepest = 64;

    /// <summary>Of names, and of attributes that are copied under another one; all others are shared.</summary>
    private const long MostBytes = 128 << 20;

    private readonly string _file;
    private readonly long? _opset;
    private readonly Dictionary<(string Domain, string Name), FunctionProto> _functions = [];
    private readonly HashSet<string> _prefixes = new(StringComparer.Ordinal);
    private int _nodes;
    private long _bytes;

    private FunctionInliner(ModelProto model, string file)
    {
        _file = file;
        _opset = OpsetOf(model.OpsetImport);
        foreach (var function in model.Functions) _functions.TryAdd((function.Domain, function.Name), function);
    }

    /// <exception cref="DiagnosticException">
    /// CML0202: functions that call themselves, or grow without bounds; CML0251: one of another opset than the model.
    /// </exception>
    public static void Inline(ModelProto model, string file)
    {
        if (model.Functions.Count == 0) return;
        new FunctionInliner(model, file).Expand(model.Graph, 0);
        model.Functions.Clear();
    }

    private void Expand(GraphProto graph, int depth)
    {
        var nodes = new List<NodeProto>();
        foreach (var node in graph.Node) Add(node, depth, nodes);
        graph.Node.Clear();
        graph.Node.Add(nodes);
    }

    private void Add(NodeProto node, int depth, List<NodeProto> nodes)
    {
        if (depth > Deepest) throw Malformed($"function '{node.OpType}' calls itself, or functions more than {Deepest} deep");
        if (!_functions.TryGetValue((node.Domain, node.OpType), out var function))
        {
            if (depth > 0 && ++_nodes > MostNodes)
                throw Malformed($"with its functions in place the model has more than {Counted.Grouped(MostNodes, "node")}");
            foreach (var attribute in node.Attribute)
                if (attribute.G is { } body) Expand(body, depth);
            nodes.Add(node);
            return;
        }
        if (OpsetOf(function.OpsetImport) is { } opset && _opset is { } own && opset != own)
            throw new DiagnosticException(OnnxCodes.Opset,
                $"function '{node.OpType}' is of opset {opset}, the model of {own}", new SourceLocation(_file),
                "convert the model to one opset (onnx.version_converter), or inline functions before export (onnx.inliner)");
        var call = new FunctionCall(function, node, Prefix(node));
        foreach (var inner in function.Node) Add(Renamed(inner, call), depth + 1, nodes);
    }

    /// <summary>The name of the calling node, or of its first result, as a path; unique among all calls.</summary>
    private string Prefix(NodeProto node)
    {
        string stem = OnnxGraphImport.NameOf(node);
        string prefix = stem + "/";
        for (int i = 1; !_prefixes.Add(prefix); i++) prefix = $"{stem}.{i}/";
        return prefix;
    }

    private NodeProto Renamed(NodeProto node, FunctionCall call)
    {
        var copy = new NodeProto { OpType = node.OpType, Domain = node.Domain, Name = call.Name(node.Name) };
        copy.Input.Add(node.Input.Select(call.Name));
        copy.Output.Add(node.Output.Select(call.Name));
        Count(sizeof(char) * copy.Input.Concat(copy.Output).Append(copy.Name).Sum(name => (long)name.Length));
        foreach (var attribute in node.Attribute)
            if (attribute.RefAttrName.Length > 0)
            {
                if (call.Attribute(attribute.RefAttrName) is { } given) copy.Attribute.Add(Named(given, attribute.Name));
            }
            else copy.Attribute.Add(attribute.G is null ? attribute : Body(attribute, call));
        return copy;
    }

    private AttributeProto Named(AttributeProto attribute, string name)
    {
        if (attribute.Name == name) return attribute;
        Count(attribute.CalculateSize());
        var copy = attribute.Clone();
        copy.Name = name;
        return copy;
    }

    private AttributeProto Body(AttributeProto attribute, FunctionCall call)
    {
        var (from, body) = (attribute.G, new GraphProto { Name = attribute.G.Name });
        body.Node.Add(from.Node.Select(n => Renamed(n, call)));
        foreach (var constant in from.Initializer)
        {
            Count(constant.CalculateSize());
            body.Initializer.Add(constant.Clone());
            body.Initializer[^1].Name = call.Name(constant.Name);
        }
        body.Input.Add(from.Input.Select(i => new ValueInfoProto { Name = call.Name(i.Name), Type = i.Type }));
        body.Output.Add(from.Output.Select(o => new ValueInfoProto { Name = call.Name(o.Name), Type = o.Type }));
        return new AttributeProto { Name = attribute.Name, Type = attribute.Type, G = body };
    }

    private void Count(long bytes)
    {
        _bytes += bytes;
        if (_bytes > MostBytes) throw Malformed("with its functions in place the model's names and attributes grow beyond 128 MB");
    }

    private DiagnosticException Malformed(string message) => new(FrontendCodes.ModelMalformed, message, new SourceLocation(_file));

    private static long? OpsetOf(IEnumerable<OperatorSetIdProto> imports) =>
        imports.Where(i => OnnxOps.IsStandard(i.Domain)).Select(i => (long?)i.Version).FirstOrDefault();

    /// <summary>What names and attributes within a function are where a node calls it.</summary>
    private sealed class FunctionCall
    {
        private readonly string _prefix;
        private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
        private readonly Dictionary<string, AttributeProto> _attributes = new(StringComparer.Ordinal);

        public FunctionCall(FunctionProto function, NodeProto node, string prefix)
        {
            _prefix = prefix;
            // An input that the call leaves out is absent inside as well; an output that nobody wants has a name all the same.
            foreach (var (i, name) in function.Input.Index()) _names[name] = i < node.Input.Count ? node.Input[i] : "";
            foreach (var (name, given) in function.Output.Zip(node.Output))
                if (given.Length > 0) _names[name] = given;
            foreach (var attribute in function.AttributeProto.Concat(node.Attribute)) _attributes[attribute.Name] = attribute;
        }

        public string Name(string name) => name.Length == 0 ? name : _names.GetValueOrDefault(name) ?? _prefix + name;

        /// <summary>What the call says, else the function's default; null for neither.</summary>
        public AttributeProto? Attribute(string name) => _attributes.GetValueOrDefault(name);
    }
}
