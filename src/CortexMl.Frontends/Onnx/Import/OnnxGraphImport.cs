using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>One translation of a model's graph, node by node, each behind those that it reads.</summary>
internal sealed class OnnxGraphImport(OnnxImportPlan plan, TensorReader tensors, MemoryBudget budget, string name)
{
    /// <summary>Nodes of all bodies, each counted as often as it is put in place.</summary>
    private const int MostInlined = 50_000;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Outputs of nodes that failed, and of those that read them: reported once.</summary>
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    /// <summary>Read once, however often their body is put in place.</summary>
    private readonly Dictionary<TensorProto, Entry> _bodyConstants = new(ReferenceEqualityComparer.Instance);

    /// <summary>Nodes of bodies in their order, and names that are theirs alone.</summary>
    private readonly Dictionary<GraphProto, (List<NodeProto> Nodes, string[] Own)> _bodies = new(ReferenceEqualityComparer.Instance);

    private DiagnosticBag _found = new();

    private int _inlined;

    public GraphBuilder Build { get; } = new(name, Level.Float);

    /// <summary>What is read otherwise than it is written.</summary>
    public ImportNotes Notes { get; } = new(plan.File);

    public WholeNumbers Whole { get; } = new();

    public int Opset => plan.Opset;

    public MemoryBudget Budget => budget;

    public TensorReader Tensors => tensors;

    /// <summary>The node's name, or that of its first output where it has none.</summary>
    public static string NameOf(NodeProto node) =>
        node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault() is { Length: > 0 } output ? output : node.OpType;

    public SourceLocation LocationOf(NodeProto node) => SourceLocation.OfNode(NameOf(node), plan.File);

    public bool IsUsed(string output) => plan.IsUsed(output);

    public bool IsResult(string output) => plan.Graph.Output.Any(o => o.Name == output);

    /// <param name="found">Receives errors, warnings and notes.</param>
    /// <returns>The graph, or null after errors.</returns>
    public Graph? Run(IReadOnlyDictionary<string, Shape> shapes, IReadOnlyDictionary<string, Tensor> bound, DiagnosticBag found)
    {
        foreach (var input in plan.Inputs)
        {
            if (bound.TryGetValue(input.Name, out var tensor)) _entries[input.Name] = Entry.Of(input.Name, tensor);
            else if (TensorReader.TypeOf((TensorProto.Types.DataType)input.Type.TensorType.ElemType) is { } type)
            {
                var value = Build.Input(input.Name, TensorType.Float(shapes[input.Name]));
                if (!type.IsReal()) Whole.Add(value);
                _entries[input.Name] = Entry.Of(input.Name, value, type);
            }
        }
        _found = found;
        foreach (var node in plan.Nodes) Translate(node, found);
        bool failed = found.HasErrors;
        if (!failed) foreach (var output in plan.Graph.Output) Return(output.Name);
        Notes.Report(found);
        if (failed) return null;
        Build.SetAttributes(plan.Attributes);
        var graph = Build.Build();
        Build.SetAttributes(OutputSignature.Named(graph, plan.Graph.Output.Select(o => o.Name)));
        return graph;
    }

    /// <exception cref="NodeException">Nothing defines the name.</exception>
    public Entry Find(string name)
    {
        if (_entries.TryGetValue(name, out var entry)) return entry;
        if (plan.Initializers.TryGetValue(name, out var initializer))
            return _entries[name] = Entry.Of(name, tensors.Read(initializer, name));
        throw new NodeException(FrontendCodes.ModelMalformed, $"it reads '{name}', which no input, constant or node defines",
            "the model was cut, or lost its constants: export it again as a whole");
    }

    /// <summary>The entry as a value of the graph; a known tensor becomes a constant of its name, once.</summary>
    public Value ValueOf(Entry entry)
    {
        if (entry.Value is { } known) return known;
        if (entry.Elements is not null)
            throw new NodeException(
                FrontendCodes.ShapeMismatch, $"'{entry.Name}' is a sequence of tensors", "take its elements, or join them");
        if (entry.Shape.Count == 0) throw new NodeException(FrontendCodes.ShapeMismatch, $"constant '{entry.Name}' {entry.Shape} is empty");
        return entry.Value = Build.Constant(entry.Name, entry.Tensor!.ToFloat(), location: SourceLocation.OfNode(entry.Name, plan.File));
    }

    /// <summary>A body in place of the node that holds it; its own names are gone afterwards.</summary>
    /// <param name="arguments">What its inputs stand for, under their names.</param>
    /// <exception cref="NodeException">All bodies together have too many nodes.</exception>
    /// <exception cref="BodyException">Nodes of it failed, which is reported.</exception>
    public Entry[] Inline(GraphProto body, Entry[] arguments)
    {
        _inlined += body.Node.Count;
        if (_inlined > MostInlined)
            throw new NodeException(FrontendCodes.UnsupportedAttribute,
                $"bodies put in place make more than {Counted.Of(MostInlined, "node")}", "run loops on a part at a time");
        if (!_bodies.TryGetValue(body, out var content))
        {
            string[] names =
                [.. body.Node.SelectMany(n => n.Output), .. body.Initializer.Select(i => i.Name), .. body.Input.Select(i => i.Name)];
            content = (NodeOrder.Of(body, plan.File, _found), [.. names.Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)]);
            _bodies.Add(body, content);
        }
        var (nodes, own) = content;
        var outside = own.Where(_entries.ContainsKey).ToDictionary(name => name, name => _entries[name], StringComparer.Ordinal);
        foreach (var constant in body.Initializer)
        {
            if (!_bodyConstants.TryGetValue(constant, out var entry))
                _bodyConstants[constant] = entry = Entry.Of(constant.Name, tensors.Read(constant, constant.Name));
            _entries[constant.Name] = entry;
        }
        foreach (var argument in arguments) _entries[argument.Name] = argument;
        foreach (var node in nodes) Translate(node, _found);
        bool isLost = body.Output.Any(o => _failed.Contains(o.Name));
        Entry[] results = isLost ? [] : [.. body.Output.Select(o => Find(o.Name))];
        foreach (string name in own) _entries.Remove(name);
        foreach (var (name, entry) in outside) _entries[name] = entry;
        return isLost ? throw new BodyException() : results;
    }

    private void Translate(NodeProto node, DiagnosticBag found)
    {
        if (node.Input.Any(_failed.Contains))
        {
            _failed.UnionWith(node.Output);
            return;
        }
        try
        {
            var results = Apply(Row(node), node);
            for (int i = 0; i < results.Length && i < node.Output.Count; i++)
                if (node.Output[i].Length > 0) _entries[node.Output[i]] = results[i];
            foreach (string missing in node.Output.Skip(results.Length).Where(o => o.Length > 0 && plan.IsUsed(o)))
                throw new NodeException(FrontendCodes.UnsupportedAttribute, $"output '{missing}' is not available at inference");
        }
        catch (NodeException error)
        {
            Fail(node, error.Code, error.Message, error.Hint, found);
        }
        catch (BodyException)
        {
            _failed.UnionWith(node.Output);
        }
        catch (RuleException error)
        {
            Fail(node, FrontendCodes.ShapeMismatch, error.Message, error.Hint, found);
        }
    }

    /// <exception cref="NodeException">In a body there is an operator that is not supported.</exception>
    private static OnnxOp Row(NodeProto node)
    {
        var row = OnnxOps.Find(node);
        return row is { Refusal: null } ? row
            : throw new NodeException(FrontendCodes.UnsupportedOperators, row?.Refusal ?? "it is not in the table",
                "'cortexml ops --frontend onnx' lists the supported operators");
    }

    private Entry[] Apply(OnnxOp row, NodeProto node)
    {
        var context = new OnnxNode(node, this);
        if (row.Fold is { } fold && node.Input.All(i => i.Length == 0 || Find(i).Tensor is not null)) return fold(context);
        if (row.Import is { } import) return import(context);
        throw new NodeException(FrontendCodes.UnsupportedOperators,
            "it is computed at import only, from constants and shapes; here it depends on the network's input",
            "replace it in the model, or cut the model before it");
    }

    private void Fail(NodeProto node, string code, string message, string? hint, DiagnosticBag found)
    {
        _failed.UnionWith(node.Output);
        var inputs = node.Input.Where(_entries.ContainsKey).Take(4).Select(i => $"'{i}' {_entries[i].Shape}");
        string from = string.Join(", ", inputs);
        found.Error(
            code, $"{node.OpType} '{NameOf(node)}': {message}{(from.Length == 0 ? "" : $" (input {from})")}", LocationOf(node), hint);
    }

    /// <summary>An output; integers that a quantization stands for are returned as such, unrounded.</summary>
    private void Return(string output)
    {
        var (entry, value) = OutputOf(output);
        if (entry.Quantized is { } q)
        {
            var location = SourceLocation.OfNode(output, plan.File);
            Notes.Add(Severity.Note, "output", output,
                FrontendCodes.ReadOtherwise, "the integers of its quantization are returned unrounded", null);
            var steps =
                Build.Op(NnBinary.Mul, [value, Build.Constant($"{output}.steps", Tensor.Scalar((float)(1 / q.Scale)))], location: location);
            value =
                Build.Op(NnBinary.Add, [steps, Build.Constant($"{output}.zero", Tensor.Scalar((float)q.ZeroPoint))], location: location);
        }
        Build.Output(value);
    }

    private (Entry Entry, Value Value) OutputOf(string output)
    {
        if (!_entries.ContainsKey(output) && !plan.Initializers.ContainsKey(output))
            throw new DiagnosticException(FrontendCodes.ModelMalformed, $"output '{output}' is defined by nothing",
                new SourceLocation(plan.File), "the model was cut in the wrong place");
        try
        {
            var entry = Find(output);
            return (entry, ValueOf(entry));
        }
        catch (NodeException error)
        {
            throw new DiagnosticException(
                error.Code, $"output '{output}': {error.Message}", SourceLocation.OfNode(output, plan.File), error.Hint);
        }
    }
}

/// <summary>Nodes of a body failed; they have told why.</summary>
internal sealed class BodyException : Exception;
