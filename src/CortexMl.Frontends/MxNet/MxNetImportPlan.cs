using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet.Read;

namespace CortexMl.Frontends.MxNet;

/// <summary>What of a symbol is needed for its outputs, and what its variables are: inputs of the network, or parameters.</summary>
internal sealed class MxNetImportPlan
{
    private readonly HashSet<string> _parameterNames = new(StringComparer.Ordinal);

    private MxNetImportPlan(Symbol symbol)
    {
        Symbol = symbol;
        Ops = [.. symbol.Nodes.Select(n => n.IsVariable ? null : MxNetOps.Find(n.Op))];
        Needed = new bool[symbol.Nodes.Count];
    }

    public Symbol Symbol { get; }

    /// <summary>The operator of each node; null for variables and for operators outside the table.</summary>
    public MxNetOp?[] Ops { get; }

    /// <summary>Whether an output depends on the node. Labels of output operators are not needed.</summary>
    public bool[] Needed { get; }

    /// <summary>Variables whose numbers the user's data supplies, in the file's order.</summary>
    public List<SymbolNode> Inputs { get; } = [];

    /// <summary>Parameters that the file lacks, in the order of their use.</summary>
    public List<string> Missing { get; } = [];

    /// <exception cref="DiagnosticException">
    /// CML0205: every unsupported operator; CML0206: malformed attributes that decide which inputs are parameters.
    /// </exception>
    public static MxNetImportPlan Make(Symbol symbol, FloatParameters parameters, ImportOptions options)
    {
        var plan = new MxNetImportPlan(symbol);
        var found = new DiagnosticBag();
        foreach (var head in symbol.Heads) plan.Needed[head.Node] = true;
        for (int i = symbol.Nodes.Count - 1; i >= 0; i--)
            if (plan.Needed[i] && !symbol.Nodes[i].IsVariable) plan.MarkInputs(symbol.Nodes[i], found);
        if (MxNetUnsupportedOps.Report(plan) is { } unsupported) found.Add(unsupported);
        found.ThrowIfErrors();
        plan.Classify(parameters, options);
        return plan;
    }

    /// <summary>The entry that feeds a parameter, or null where the file leaves it out.</summary>
    public static SymbolEntry? ParameterEntry(MxNetOp op, SymbolNode node, string parameter)
    {
        int index = op.Data.Count;
        foreach (string name in op.Parameters)
        {
            if (name == parameter) break;
            index++;
        }
        return index < node.Inputs.Count ? node.Inputs[index] : null;
    }

    /// <summary>Name of the variable that feeds a parameter; where the file leaves it out, what MXNet calls it.</summary>
    public static string ParameterName(Symbol symbol, MxNetOp op, SymbolNode node, string parameter) =>
        ParameterEntry(op, node, parameter) is { } entry ? symbol.Nodes[entry.Node].Name : $"{node.Name}_{parameter}";

    private void MarkInputs(SymbolNode node, DiagnosticBag found)
    {
        if (Ops[node.Index] is not { Refusal: null } op)
        {
            foreach (var input in node.Inputs) Needed[input.Node] = true;
            return;
        }
        int least = op.Data.Count, most = op.IsVariadic ? int.MaxValue : least + op.Parameters.Count + op.Labels.Count;
        if (node.Inputs.Count < least || node.Inputs.Count > most)
        {
            found.Error(FrontendCodes.ModelMalformed,
                $"{node.Op} '{node.Name}' has {Counted.Of(node.Inputs.Count, "input")}; {(op.IsVariadic ? $"{least} or more" : $"{least} to {most}")} are allowed", node.Location);
            return;
        }
        for (int i = 0; i < (op.IsVariadic ? node.Inputs.Count : op.Data.Count); i++) Needed[node.Inputs[i].Node] = true;
        try
        {
            string? without = op.Parameters.Count == 0 ? null : op.Without(new NodeAttributes(op, node));
            foreach (string parameter in op.Parameters.Where(p => p != without)) MarkParameter(op, node, parameter);
        }
        catch (NodeException error)
        {
            found.Error(error.Code, $"{node.Op} '{node.Name}': {error.Message}", node.Location, error.Hint);
        }
    }

    private void MarkParameter(MxNetOp op, SymbolNode node, string parameter)
    {
        var entry = ParameterEntry(op, node, parameter);
        if (entry is { } given) Needed[given.Node] = true;
        if (entry is null || Symbol.Nodes[entry.Value.Node].IsVariable) _parameterNames.Add(ParameterName(Symbol, op, node, parameter));
    }

    private void Classify(FloatParameters parameters, ImportOptions options)
    {
        var variables = Symbol.Nodes.Where(n => n.IsVariable && Needed[n.Index]).DistinctBy(n => n.Name);
        foreach (var variable in variables)
        {
            bool isParameter = _parameterNames.Remove(variable.Name) || LooksTrained(variable);
            if (options.InputShapes.ContainsKey(variable.Name)) Inputs.Add(variable);
            else if (parameters.Has(variable.Name)) continue;
            else if (isParameter) Missing.Add(variable.Name);
            else Inputs.Add(variable);
        }
        Missing.AddRange(_parameterNames.Where(name => !parameters.Has(name)).Order(StringComparer.Ordinal));
    }

    /// <summary>Gluon writes how a parameter is initialised and regularised beside it; inputs have neither.</summary>
    private static bool LooksTrained(SymbolNode variable) => variable.Attributes.ContainsKey("__init__")
        || variable.Attributes.ContainsKey("__wd_mult__");
}
