using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Read;

//  y = my.SiLU(x)     my.SiLU(a) → c: b = Sigmoid(a), c = Mul(a, b)     ⇒     y/b = Sigmoid(x), y = Mul(x, y/b)
//
// The model's own functions, in place of the nodes that call them; functions of functions too.
internal sealed class FunctionInliner
{
    private const int MostNodes = 1_000_000, Deepest = 64;

    /// <summary>Of attributes and bodies that are copied under other names; all others are shared.</summary>
    private const long MostBytes = 64 << 20;

    private readonly string _file;
    private readonly long? _opset;
    private readonly Dictionary<(string Domain, string Name), FunctionProto> _functions = [];
    private readonly HashSet<string> _prefixes = new(StringComparer.Ordinal);
    private readonly List<NodeProto> _nodes = [];
    private long _copied;

    private FunctionInliner(ModelProto model, string file)
    {
        _file = file;
        _opset = OpsetOf(model.OpsetImport);
        foreach (var function in model.Functions) _functions.TryAdd((function.Domain, function.Name), function);
    }

    /// <exception cref="DiagnosticException">
    /// CML0202: functions that call themselves, or grow beyond a million nodes; CML0251: one of another opset than the model.
    /// </exception>
    public static void Inline(ModelProto model, string file)
    {
        if (model.Functions.Count == 0) return;
        var inliner = new FunctionInliner(model, file);
        foreach (var node in model.Graph.Node) inliner.Add(node, 0);
        model.Graph.Node.Clear();
        model.Graph.Node.Add(inliner._nodes);
        model.Functions.Clear();
    }

    private void Add(NodeProto node, int depth)
    {
        if (depth > Deepest || _nodes.Count >= MostNodes)
            throw new DiagnosticException(FrontendCodes.ModelMalformed,
                depth > Deepest ? $"function '{node.OpType}' calls itself, or functions more than {Deepest} deep"
                    : $"with its functions in place the model has more than {Counted.Grouped(MostNodes, "node")}",
                new SourceLocation(_file));
        if (!_functions.TryGetValue((node.Domain, node.OpType), out var function))
        {
            _nodes.Add(node);
            return;
        }
        if (OpsetOf(function.OpsetImport) is { } opset && _opset is { } own && opset != own)
            throw new DiagnosticException(OnnxCodes.Opset,
                $"function '{node.OpType}' is of opset {opset}, the model of {own}", new SourceLocation(_file),
                "convert the model to one opset (onnx.version_converter), or inline functions before export (onnx.inliner)");
        string prefix = Prefix(node);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        Bind(function.Input, node.Input);
        Bind(function.Output, node.Output);
        var given = function.AttributeProto.Concat(node.Attribute).GroupBy(a => a.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last(), StringComparer.Ordinal);
        foreach (var inner in function.Node) Add(Renamed(inner, Map, given), depth + 1);

        // What the call leaves out is absent inside as well; an output that nobody wants has a name all the same.
        void Bind(IReadOnlyList<string> formal, IReadOnlyList<string> actual)
        {
            for (int i = 0; i < formal.Count; i++)
                if (i < actual.Count && actual[i].Length > 0) names[formal[i]] = actual[i];
                else if (ReferenceEquals(formal, function.Input)) names[formal[i]] = "";
        }

        string Map(string name) => name.Length == 0 ? name : names.TryGetValue(name, out string? known) ? known : prefix + name;
    }

    /// <summary>The name of the calling node, or of its first result, as a path; unique among all calls.</summary>
    private string Prefix(NodeProto node)
    {
        string stem = Import.OnnxGraphImport.NameOf(node);
        string prefix = stem + "/";
        for (int i = 1; !_prefixes.Add(prefix); i++) prefix = $"{stem}.{i}/";
        return prefix;
    }

    private AttributeProto Copy(AttributeProto attribute)
    {
        _copied += attribute.CalculateSize();
        return _copied <= MostBytes ? attribute.Clone()
            : throw new DiagnosticException(FrontendCodes.ModelMalformed,
                "with its functions in place the model's attributes grow beyond 64 MB", new SourceLocation(_file));
    }

    private NodeProto Renamed(NodeProto node, Func<string, string> map, Dictionary<string, AttributeProto> given)
    {
        var copy = new NodeProto { OpType = node.OpType, Domain = node.Domain, Name = node.Name.Length > 0 ? map(node.Name) : "" };
        copy.Input.Add(node.Input.Select(map));
        copy.Output.Add(node.Output.Select(map));
        foreach (var attribute in node.Attribute)
        {
            var actual = attribute;
            if (attribute.RefAttrName.Length > 0)
            {
                if (!given.TryGetValue(attribute.RefAttrName, out var found)) continue;
                actual = found.Name == attribute.Name ? found : Copy(found);
                actual.Name = attribute.Name;
            }
            else if (attribute.G is { } body)
            {
                actual = Copy(attribute);
                actual.G = Renamed(body, map, given);
            }
            copy.Attribute.Add(actual);
        }
        return copy;
    }

    private GraphProto Renamed(GraphProto body, Func<string, string> map, Dictionary<string, AttributeProto> given)
    {
        var copy = body.Clone();
        copy.Node.Clear();
        copy.Node.Add(body.Node.Select(n => Renamed(n, map, given)));
        foreach (var constant in copy.Initializer) constant.Name = map(constant.Name);
        foreach (var value in copy.Input.Concat(copy.Output)) value.Name = map(value.Name);
        return copy;
    }

    private static long? OpsetOf(IEnumerable<OperatorSetIdProto> imports) =>
        imports.Where(i => Import.OnnxOps.IsStandard(i.Domain)).Select(i => (long?)i.Version).FirstOrDefault();
}
