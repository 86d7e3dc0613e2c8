using CortexMl.Cvm.Params;
using CortexMl.Cvm.Symbol;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Load;

/// <summary>Makes the graph and the model of files in which nothing was found wrong.</summary>
internal sealed class ModelAssembly(NodeTable nodes, Shape[] shapes, Inference inference, ParamsBinder parameters)
{
    private readonly GraphBuilder _build = new("main", Level.Cvm);
    private readonly Value[] _values = new Value[nodes.EntryCount];
    private readonly UniqueNames _constantNames = new(), _valueNames = new();
    private readonly List<int> _ids = nodes.File.Lists.StorageIds!;

    private SymbolFile File => nodes.File;

    public CvmModel Build()
    {
        int data = nodes.Arguments.Find(id => File.Nodes[id].Name == Setup.InputName);
        _valueNames.Take(Setup.InputName);
        // Constants that share storage are written in the order of the params file; the graph's order says so.
        foreach (int id in parameters.Order.Where(id => id != data)) AddConstant(id);
        for (int id = 0; id < nodes.Count; id++)
        {
            if (id == data) _values[nodes.FirstEntry(id)] = _build.Input(Setup.InputName, Type(nodes.FirstEntry(id)));
            else if (nodes.Spec(id) is { } spec) AddOperation(id, spec);
        }
        foreach (var head in File.Heads) _build.Output(_values[nodes.Entry(head)!.Value]);
        if (File.Postprocess.Length > 0) _build.SetAttributes(Ir.Attributes.Of(("postprocess", File.Postprocess)));
        var graph = _build.Build();
        return new CvmModel
        {
            Graph = graph,
            Entries = [.. Enumerable.Range(0, nodes.Count).SelectMany(Entries)],
            Storage = Aliasing.Plan(graph, _values, _ids),
            Version = File.Version,
            Postprocess = File.Postprocess,
            ReportedInputShape = shapes[nodes.Arguments.IndexOf(data)],
            Facts = new CvmFileFacts(data == 0, HasFullTables()),
        };
    }

    private IEnumerable<CvmEntry> Entries(int node)
    {
        for (int entry = nodes.FirstEntry(node); entry < nodes.FirstEntry(node + 1); entry++)
            yield return new CvmEntry(_values[entry], _ids[entry], File.Nodes[node].Name);
    }

    private void AddConstant(int id)
    {
        int entry = nodes.FirstEntry(id);
        var data = parameters.Elements[id];
        _values[entry] = _build.Constant(_constantNames.Take(File.Nodes[id].Name), data, Type(entry), File.Of(File.Nodes[id]));
    }

    private void AddOperation(int id, OpSpec spec)
    {
        var node = File.Nodes[id];
        int first = nodes.FirstEntry(id), outputs = nodes.FirstEntry(id + 1) - first;
        var slots = Enumerable.Range(first, outputs).Select(entry => _ids[entry]).ToArray();
        var operands = node.Inputs.Select(input => _values[nodes.Entry(input)!.Value]).ToList();
        string?[] names = [.. Enumerable.Range(0, outputs).Select(_ => _valueNames.Take(node.Name))];
        var operation = _build.Operation(spec, operands, nodes.Attributes(id).With(RowCheck.Slot.Name, slots), names, File.Of(node));
        operation.Results.ToArray().CopyTo(_values, first);
    }

    private TensorType Type(int entry) => TensorType.Integer(inference.Elements[entry]!.Value.Precision, shapes[entry]);

    /// <summary>Version 1.0.0 was refused without them.</summary>
    private bool HasFullTables() => File.Version == CvmVersions.V100
        || (File.RowPointers?.Count == nodes.Count + 1 && File.ArgNodes?.Count == nodes.Arguments.Count);
}
