using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>What of a model matters: the nodes that its outputs need, its real inputs, its constants by name, its opset.</summary>
internal sealed class OnnxImportPlan
{
    private readonly HashSet<string> _needed = new(StringComparer.Ordinal);

    private OnnxImportPlan(ModelProto model, string file, int opset, DiagnosticBag found)
    {
        Graph = model.Graph;
        Attributes = Metadata.Read(model);
        File = file;
        Opset = opset;
        foreach (var initializer in Graph.Initializer) Initializers.TryAdd(initializer.Name, initializer);
        _needed.UnionWith(Graph.Output.Select(o => o.Name));
        Nodes = NodeOrder.Of(Graph, file, found);
        foreach (var node in Nodes) _needed.UnionWith(NodeOrder.Reads(node));
        // Files before ir_version 4 list their constants among the inputs.
        Inputs = [.. Graph.Input.Where(i => !Initializers.ContainsKey(i.Name))];
    }

    public GraphProto Graph { get; }

    public string File { get; }

    public int Opset { get; }

    /// <summary>What the model says about itself.</summary>
    public Attributes Attributes { get; }

    /// <summary>The nodes that the outputs depend on, each behind those that it reads.</summary>
    public List<NodeProto> Nodes { get; }

    public IReadOnlyList<ValueInfoProto> Inputs { get; }

    public Dictionary<string, TensorProto> Initializers { get; } = new(StringComparer.Ordinal);

    public bool IsUsed(string name) => _needed.Contains(name);

    /// <exception cref="DiagnosticException">
    /// CML0205 all unsupported operators; CML0251 opset; CML0202 names that are defined twice, nodes in a circle.
    /// </exception>
    public static OnnxImportPlan Make(ModelProto model, string file, DiagnosticBag? notes)
    {
        var found = new DiagnosticBag();
        var plan = new OnnxImportPlan(model, file, Opsets.Of(model, file, notes), found);
        plan.CheckNames(found);
        if (OnnxUnsupportedOps.Report(plan) is { } unsupported) found.Add(unsupported);
        if (plan.Graph.Output.Count == 0) found.Error(FrontendCodes.ModelMalformed, "the model has no outputs", new SourceLocation(file));
        if (model.Graph.SparseInitializer.Count > 0)
            found.Error(FrontendCodes.UnsupportedArray, "the model holds sparse constants, which are not read",
                new SourceLocation(file), "store them dense");
        found.ThrowIfErrors();
        return plan;
    }

    private void CheckNames(DiagnosticBag found)
    {
        var seen = new HashSet<string>(Graph.Input.Select(i => i.Name), StringComparer.Ordinal);
        if (seen.Count < Graph.Input.Count)
            found.Error(FrontendCodes.ModelMalformed, "two inputs have the same name", new SourceLocation(File));
        seen.UnionWith(Initializers.Keys);
        foreach (var node in Graph.Node)
            foreach (string output in node.Output)
                if (output.Length > 0 && !seen.Add(output))
                    found.Error(FrontendCodes.ModelMalformed,
                        $"'{output}' is defined twice, again by {node.OpType} '{OnnxGraphImport.NameOf(node)}'",
                        SourceLocation.OfNode(OnnxGraphImport.NameOf(node), File));
    }
}
