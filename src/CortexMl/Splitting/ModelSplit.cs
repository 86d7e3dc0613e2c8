using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Splitting;

//  image ─ conv ─ … ─ %scores ─ decode ─ boxes         image ─ conv ─ … ─ %scores         compiled, for the chain
//                   └ %offsets ┘                  ⇒                     └ %offsets
//                                                     %scores, %offsets ─ decode ─ boxes     the tail, in float
/// <summary>
/// A float network in two: up to values that somebody names it is compiled, and what comes behind them, the tail, stays in float.
/// </summary>
internal static class ModelSplit
{
    /// <summary>The tail beside a compiled model.</summary>
    public const string FileName = "tail.onnx";

    /// <summary>The model up to the named values, which it returns in this order, with its <see cref="Model.Tail"/>.</summary>
    /// <exception cref="DiagnosticException">CML0979: names that do not cut the network in two; CML0924 no float graph.</exception>
    public static Model Of(Model model, IReadOnlyList<string> names)
    {
        var graph = model.Graph;
        if (graph.Level != Level.Float)
            throw new DiagnosticException(LibraryCodes.WrongLevel,
                $"--split-at: '{model.Name}' is a graph of level {LevelNames.Of(graph.Level)}; a float network can be split",
                hint: "compile from the float network");
        var cut = Find(model, names);
        var tail = GraphSegment.Of(graph, cut.ToHashSet(), graph.Outputs);
        Check(graph, cut, tail);
        return model with { Graph = Head(graph, cut, names), Tail = new Model(model.Name, Tail(tail, graph)) };
    }

    /// <summary>The tail as a file.</summary>
    public static IEnumerable<OutputFile> Files(Model model) =>
        model.Tail is { } tail ? [OutputFile.Bytes(FileName, OnnxExporter.Export(tail.Graph).Bytes)] : [];

    /// <summary>The tail of a compiled folder; null where it has none.</summary>
    /// <exception cref="DiagnosticException">CML0925: it takes other values than the model returns; those of reading ONNX.</exception>
    public static Model? ReadTail(string folder, ModelIo io, long maxMemory)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path)) return null;
        // What the user says of inputs is about the model's own.
        var graph = OnnxImporter.Import(path, new ImportOptions { MaxMemory = maxMemory });
        return graph.Inputs.Count == io.Outputs.Count
            && graph.Inputs.All(i => io.Outputs.Count(o => o.Name == i.Name && Shape.Of(o.Shape) == i.Type.Shape) == 1)
            ? new Model(InputFile.DisplayName(folder), graph)
            : throw new DiagnosticException(LibraryCodes.ModelIo, $"{FileName} takes other values than the model beside it returns",
                new SourceLocation(FileName), "compile the model again, or remove the file");
    }

    /// <summary>What is returned by the compiled model, and who goes on from there.</summary>
    public static Diagnostic Note(Model model) => new(LibraryCodes.Split, Severity.Note,
        $"the compiled model returns {Listing.Of([.. model.OwnOutputs.Select(o => o.Name)])}; {FileName} goes on from there in float, "
        + "and run and eval compute it too");

    /// <exception cref="DiagnosticException">CML0979: all names that are none of a value in between.</exception>
    private static Value[] Find(Model model, IReadOnlyList<string> names)
    {
        var values = model.Graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results).Where(v => v.Name is not null)
            .ToDictionary(v => v.Name!, StringComparer.Ordinal);
        var found = new DiagnosticBag();
        foreach (string name in names.Where(name => !values.ContainsKey(name)))
            found.Error(LibraryCodes.Split, $"--split-at: '{model.Name}' has no value '{Printable.Name(name)}'",
                hint: Nearest.Hint(name, values.Keys, "names are those of the network's file: cortexml print MODEL shows them"));
        foreach (var several in names.GroupBy(name => name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            found.Error(LibraryCodes.Split, $"--split-at: '{Printable.Name(several.Key)}' is named {several.Count()} times");
        found.ThrowIfErrors();
        return [.. names.Select(name => values[name])];
    }

    /// <exception cref="DiagnosticException">CML0979.</exception>
    private static void Check(Graph graph, Value[] cut, GraphSegment tail)
    {
        var found = new DiagnosticBag();
        if (graph.Outputs.All(cut.Contains))
            found.Error(LibraryCodes.Split, "--split-at: nothing comes behind what is named", hint: "leave it out, or name earlier values");
        foreach (var value in cut.Where(v => !tail.Entries.Contains(v)))
            found.Error(LibraryCodes.Split, $"--split-at: nothing that comes behind the others needs '{value.Name}'", hint: "leave it out");
        foreach (var input in tail.Graph.Inputs.Take(graph.Inputs.Count).Where(i => i.Uses.Count > 0 || i.IsOutput))
            found.Error(LibraryCodes.Split, $"--split-at: another way leads from input '{input.Name}' past what is named, "
                + $"by {Listing.Of([.. Past(graph, cut, input.Name!)])}", hint: "name a value of that way too");
        found.ThrowIfErrors();
    }

    /// <summary>Names of values between an input and the tail's end that no named value makes, in the graph's order.</summary>
    private static IEnumerable<string> Past(Graph graph, Value[] cut, string input)
    {
        var reached = new HashSet<Value>(graph.Inputs.Where(i => i.Name == input));
        var needed = GraphSegment.Needed(cut.ToHashSet(), graph.Outputs);
        foreach (var operation in graph.Operations.Where(o => o.Operands.Any(reached.Contains)))
            reached.UnionWith(operation.Results.Where(r => !cut.Contains(r)));
        return graph.Operations.SelectMany(o => o.Results).Where(r => reached.Contains(r) && needed.Contains(r)).Select(r => r.Name ?? "?");
    }

    private static Graph Head(Graph graph, Value[] cut, IReadOnlyList<string> names)
    {
        var head = GraphCopy.Of(graph);
        var places = graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
        var rewriter = new Rewriter(head);
        rewriter.SetOutputs([.. cut.Select(v => head.Operations[places[v.Producer!]].Results[v.Index])]);
        rewriter.SetGraphAttributes(OutputSignature.Named(head, names));
        DeadOperations.Erase(head, rewriter);
        return head;
    }

    /// <summary>The segment without the network's own inputs, under the network's names of its outputs.</summary>
    private static Graph Tail(GraphSegment segment, Graph graph)
    {
        var tail = segment.Graph;
        var rewriter = new Rewriter(tail);
        rewriter.RemoveInputs([.. tail.Inputs.Take(graph.Inputs.Count)]);
        rewriter.SetGraphAttributes(OutputSignature.Named(tail, OutputSignature.Names(graph)));
        return tail;
    }
}
