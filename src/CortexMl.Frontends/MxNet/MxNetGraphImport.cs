using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Numerics;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Frontends.MxNet;

/// <summary>One translation of a planned symbol, for one choice of input shapes.</summary>
internal sealed class MxNetGraphImport(MxNetImportPlan plan, FloatParameters parameters, string name)
{
    private readonly Value[]?[] _results = new Value[]?[plan.Symbol.Nodes.Count];
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal), _inputs = new(StringComparer.Ordinal);

    public GraphBuilder Build { get; } = new(name, Level.Float);

    /// <summary>What is read otherwise than it is written.</summary>
    public ImportNotes Notes { get; } = new(plan.Symbol.File);

    public Symbol Symbol => plan.Symbol;

    /// <summary>Translates every node; one that fails is reported and those that depend on it are passed over.</summary>
    /// <param name="found">Receives errors, warnings and notes.</param>
    /// <returns>The graph, or null after errors.</returns>
    public Graph? Run(IReadOnlyDictionary<string, Shape> shapes, DiagnosticBag found)
    {
        foreach (var input in plan.Inputs) _inputs[input.Name] = Build.Input(input.Name, TensorType.Float(shapes[input.Name]));
        foreach (var node in Symbol.Nodes)
        {
            if (!plan.Needed[node.Index]) continue;
            if (node.IsVariable)
            {
                if (_inputs.TryGetValue(node.Name, out var input)) _results[node.Index] = [input];
            }
            else if (IsReady(plan.Ops[node.Index]!, node)) Translate(plan.Ops[node.Index]!, node, found);
        }
        Notes.Report(found);
        if (found.HasErrors) return null;
        foreach (var head in Symbol.Heads) Guard(Symbol.Nodes[head.Node], found, () => Build.Output(Entry(head)));
        if (found.HasErrors) return null;
        var graph = Build.Build();
        Build.SetAttributes(OutputSignature.Named(graph, Symbol.Heads.Select(NameOf)));
        return graph;
    }

    /// <summary>A head bears the name of its node; further results of one node are told apart by their number.</summary>
    private string NameOf(SymbolEntry head) => Symbol.Nodes[head.Node].Name + (head.Output == 0 ? "" : $".{Numbers.Format(head.Output)}");

    /// <summary>The value of an edge; a parameter among the data inputs becomes a constant here.</summary>
    public Value Entry(SymbolEntry entry)
    {
        var node = Symbol.Nodes[entry.Node];
        if (_results[entry.Node] is not { } results)
        {
            long[] shape = node.Attributes.TryGetValue("__shape__", out string? text) ? PythonValue.Ints(text) ?? [0] : [0];
            return Parameter(node.Name, Fill.Random, shape);
        }
        if (entry.Output >= results.Length)
            throw new NodeException(FrontendCodes.UnsupportedAttribute,
                $"output {entry.Output} of {node.Op} '{node.Name}' is not available at inference", $"it has {results.Length}");
        return results[entry.Output];
    }

    public SymbolEntry? ParameterEntry(MxNetOp op, SymbolNode node, string parameter) =>
        MxNetImportPlan.ParameterEntry(op, node, parameter);

    public string ParameterName(MxNetOp op, SymbolNode node, string parameter) =>
        MxNetImportPlan.ParameterName(Symbol, op, node, parameter);

    public Value Parameter(string key, Fill fill, params ReadOnlySpan<long> expected)
    {
        if (_inputs.TryGetValue(key, out var value) || _constants.TryGetValue(key, out value)) return value;
        var data = parameters.Get(key, fill, expected);
        value = Build.Constant(key, data, TensorType.Float(data.Tensor.Shape), SourceLocation.OfNode(key, Symbol.File));
        _constants.Add(key, value);
        return value;
    }

    /// <summary>Counts the memory of a constant that is made here.</summary>
    public void Reserve(string constant, Shape shape) => parameters.Reserve(constant, shape);

    /// <summary>Whether everything it depends on was translated.</summary>
    private bool IsReady(MxNetOp op, SymbolNode node)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            bool isLabel = !op.IsVariadic && i >= op.Data.Count + op.Parameters.Count;
            int from = node.Inputs[i].Node;
            if (!isLabel && plan.Needed[from] && !Symbol.Nodes[from].IsVariable && _results[from] is null) return false;
        }
        return true;
    }

    private void Translate(MxNetOp op, SymbolNode node, DiagnosticBag found)
    {
        Guard(node, found, () => _results[node.Index] = op.Import(new NodeImport(op, node, this)));
        foreach (string unread in node.Attributes.Keys.Where(op.IsUnread).Order(StringComparer.Ordinal))
            Notes.Add(Severity.Note, node.Op, node.Name, FrontendCodes.ReadOtherwise,
                $"its attribute '{unread}' is not known, and left out", null);
    }

    private void Guard(SymbolNode node, DiagnosticBag found, Action action)
    {
        try
        {
            action();
        }
        catch (NodeException error)
        {
            found.Error(error.Code, Describe(node, error.Message), node.Location, error.Hint);
        }
        catch (RuleException error)
        {
            found.Error(FrontendCodes.ShapeMismatch, Describe(node, error.Message), node.Location, error.Hint);
        }
    }

    private string Describe(SymbolNode node, string message)
    {
        var inputs = node.Inputs.Where(i => _results[i.Node] is { } r && i.Output < r.Length).Take(4)
            .Select(i => $"'{Symbol.Nodes[i.Node].Name}' {_results[i.Node]![i.Output].Type.Shape}");
        string from = string.Join(", ", inputs);
        return $"{node.Op} '{node.Name}': {message}{(from.Length == 0 ? "" : $" (input {from})")}";
    }
}
