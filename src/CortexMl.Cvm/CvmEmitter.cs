using CortexMl.Cvm.Emit;
using CortexMl.Cvm.Params;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Cvm;

/// <summary>
/// Writes a graph of the cvm level as symbol and params (CortexMl.Cvm/SPECIFICATION.md §13): the same graph gives the same bytes.
/// </summary>
public static class CvmEmitter
{
    /// <param name="graph">
    /// One input, which the files call <c>data</c>. Where operations carry <c>slot</c> attributes, their order is kept, since the plan
    /// was made for it; without, they are written in post-order from the outputs and nothing shares storage. What no output needs is left
    /// out.
    /// </param>
    /// <exception cref="DiagnosticException">CML0450: everything that keeps the graph from being a CVM model.</exception>
    public static CvmFiles Emit(Graph graph, CvmEmitOptions? options = null)
    {
        options ??= new CvmEmitOptions();
        CheckEmittable(graph, options);
        var table = new EmitTable(graph);
        return new CvmFiles(new SymbolWriter(table, options.Version).Write(), ParamsWriter.Write(table.Parameters));
    }

    private static void CheckEmittable(Graph graph, CvmEmitOptions options)
    {
        var found = new DiagnosticBag();
        if (options.Version is not (CvmVersions.V100 or CvmVersions.V110))
            found.Error(CvmCodes.Version, $"version '{options.Version}'", hint: $"allowed are {CvmVersions.V100} and {CvmVersions.V110}");
        if (graph.Level != Level.Cvm)
            found.Error(CvmCodes.NotEmittable, $"the graph is at the {LevelNames.Of(graph.Level)} level",
                hint: "run the passes down to the cvm level first");
        if (graph.Inputs.Count != 1)
            found.Error(CvmCodes.NotEmittable, $"the graph has {Counted.Of(graph.Inputs.Count, "input")}, a CVM model has one");
        if (graph.Outputs.Count == 0) found.Error(CvmCodes.NotEmittable, "the graph has no outputs");
        foreach (var operation in graph.Operations.Where(o => o.Constant is null && o.Spec.CvmName is null))
            found.Error(CvmCodes.NotEmittable, $"{operation.Spec.Name} is no operator of the CVM", operation.Location);
        foreach (var value in graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).Where(v => v.Uses.Count > 0))
        {
            if (value.Type.Element.IsFloat) found.Error(CvmCodes.NotEmittable, $"{value} is no integer tensor", value.Producer?.Location);
            if (value.Type.Shape.Rank is < 1 or > CvmRules.MaxRank)
                found.Error(CvmCodes.NotEmittable,
                    $"{value} has {Counted.Of(value.Type.Shape.Rank, "dimension")}, allowed are 1..{CvmRules.MaxRank}",
                    value.Producer?.Location);
        }
        found.ThrowIfErrors();
    }
}

/// <summary>The two files of a model.</summary>
public sealed record CvmFiles(byte[] Symbol, byte[] Params)
{
    /// <summary>As files of a folder, under the names that the chain wants.</summary>
    public IReadOnlyList<OutputFile> ToOutput() => [OutputFile.Bytes("symbol", Symbol), OutputFile.Bytes("params", Params)];
}

/// <summary>How a model is written.</summary>
public sealed record CvmEmitOptions
{
    /// <summary><see cref="CvmVersions.V100"/> or <see cref="CvmVersions.V110"/>; the files differ in nothing else.</summary>
    public string Version { get; init; } = CvmVersions.V100;
}

/// <summary>Values of the symbol's <c>version</c>.</summary>
public static class CvmVersions
{
    /// <summary>Written by default: node_row_ptr, arg_nodes and dltype are checked by the runtime.</summary>
    public const string V100 = "cvm_1.0.0";

    /// <summary>The runtime computes node_row_ptr and arg_nodes itself and ignores dltype.</summary>
    public const string V110 = "cvm_1.1.0";
}
