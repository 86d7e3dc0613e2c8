using CortexMl.Cvm.Attributes;
using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Cvm.Load;

/// <summary>
/// The nodes with their operator rows and attributes, and the numbering of their entries (CortexMl.Cvm/SPECIFICATION.md §6.2 c, d).
/// </summary>
internal sealed class NodeTable
{
    private readonly OpSpec?[] _specs;
    private readonly Ir.Attributes[] _attributes;
    private readonly bool[] _hasKernel;
    private readonly int[] _firstEntries;

    private NodeTable(SymbolFile file)
    {
        File = file;
        _specs = new OpSpec?[file.Nodes.Count];
        _attributes = new Ir.Attributes[file.Nodes.Count];
        _hasKernel = new bool[file.Nodes.Count];
        _firstEntries = new int[file.Nodes.Count + 1];
    }

    public SymbolFile File { get; }

    public int Count => File.Nodes.Count;

    public int EntryCount => _firstEntries[^1];

    /// <summary>Ids of the variables, ascending.</summary>
    public List<int> Arguments { get; } = [];

    /// <summary>The row of an operator node; null for a variable and for an operator that was not understood.</summary>
    public OpSpec? Spec(int node) => _specs[node];

    public Ir.Attributes Attributes(int node) => _attributes[node];

    public bool HasKernel(int node) => _hasKernel[node];

    /// <summary>Number of the node's first entry; the node after the last gives the number of entries.</summary>
    public int FirstEntry(int node) => _firstEntries[node];

    public static NodeTable Resolve(SymbolFile file, Findings findings)
    {
        var table = new NodeTable(file);
        if (file.Lists.OpAttributes!.Count != file.Nodes.Count)
        {
            findings.Logic(CvmCodes.ListLength,
                $"op_attrs has {Counted.Of(file.Lists.OpAttributes.Count, "element")} for {Counted.Of(file.Nodes.Count, "node")}",
                file.Of("op_attrs"));
        }
        for (int node = 0; node < table.Count; node++)
        {
            table._attributes[node] = Ir.Attributes.Empty;
            if (file.Nodes[node].IsVariable) table.Arguments.Add(node);
            else table.ResolveOperator(node, findings);
            table._firstEntries[node + 1] = table._firstEntries[node] + (table._specs[node]?.Results ?? 1);
        }
        return table;
    }

    /// <summary>
    /// The entry that a reference names. Its index may reach beyond its node's outputs, as the runtime allows (§6.2 k); null outside the
    /// table.
    /// </summary>
    public int? Entry(EntryReference reference)
    {
        if (reference.Node >= Count) return null;
        long entry = _firstEntries[reference.Node] + (long)reference.Index;
        return entry < EntryCount ? (int)entry : null;
    }

    private void ResolveOperator(int id, Findings findings)
    {
        var node = File.Nodes[id];
        var location = File.Of(node);
        var spec = OperatorNames.Find(node.FuncName ?? "", out _hasKernel[id]);
        if (spec is null)
        {
            findings.Runtime(
                CvmCodes.UnknownOperator, $"unknown operator '{node.FuncName}'", location, "cortexml ops lists the operators of the CVM");
            return;
        }
        _specs[id] = spec;
        if (id >= File.Lists.OpAttributes!.Count) return;
        try
        {
            var reader = new JsonReader(File.Text, File.Locate);
            _attributes[id] = OpAttributes.Read(spec, reader.Unescape(File.Lists.OpAttributes[id]), location);
            var op = new ProposedOperation(spec, [], _attributes[id], location);
            RowCheck.CheckAttributes(op);
            CheckArity(op, node, findings);
        }
        catch (RuleException error)
        {
            findings.Add(
                new Diagnostic(
                CvmCodes.OperatorAttribute, Severity.Error, $"{spec.CvmName}: {error.Message}", location, error.Hint, error.Class));
        }
        catch (DiagnosticException error)
        {
            findings.Add(error);
        }
    }

    private static void CheckArity(IOperation op, SymbolFileNode node, Findings findings)
    {
        var spec = op.Spec;
        bool hasBias = spec.Attribute("use_bias") is not null && op.Bool("use_bias");
        int least = hasBias ? spec.MaxOperands : spec.MinOperands;
        int most = spec.MaxOperands == int.MaxValue || hasBias ? spec.MaxOperands : spec.MinOperands;
        if (node.Inputs.Length >= least && node.Inputs.Length <= most) return;
        findings.Logic(CvmCodes.Arity,
            $"{spec.CvmName} has {Counted.Of(node.Inputs.Length, "input")} where it takes {least}{(most > least ? " or more" : "")}",
            op.Location,
            spec.Attribute("use_bias") is null ? null : "use_bias, True by default, says whether there is a third input, the bias");
    }
}
