using CortexMl.Cvm.Load;
using CortexMl.Cvm.Params;
using CortexMl.Cvm.Symbol;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Cvm;

/// <summary>
/// Reads symbol and params as the runtime does (CortexMl.Cvm/SPECIFICATION.md §3 to §8): the same files are accepted, and refused ones
/// with the same class of error. The model's storage is never allocated, only computed.
/// </summary>
public static class CvmReader
{
    /// <summary>Bad input gives findings, never an exception.</summary>
    /// <param name="parameters">Weights of a byte stay in this memory, which must not change while the model is in use.</param>
    public static CvmLoadResult Read(ReadOnlyMemory<byte> symbol, ReadOnlyMemory<byte> parameters, CvmLoadOptions? options = null)
    {
        options ??= new CvmLoadOptions();
        var findings = new Findings();
        var model = Load(symbol, parameters, options, findings);
        if (model is null)
            return new CvmLoadResult(
                null, findings.ToList(), findings.First == FailureClass.Runtime ? CvmStatus.Runtime : CvmStatus.Logic, CvmStage.Load);
        return new CvmLoadResult(model, [], CvmStatus.Ok, CvmStage.Ok);
    }

    /// <summary>Reads a folder with the files <c>symbol</c> and <c>params</c>.</summary>
    /// <exception cref="DiagnosticException">A file is missing or unreadable.</exception>
    public static CvmLoadResult ReadFolder(string folder, CvmLoadOptions? options = null) =>
        Read(InputFile.ReadAllBytes(Path.Combine(folder, "symbol")), InputFile.ReadAllBytes(Path.Combine(folder, "params")), options);

    private static CvmModel? Load(ReadOnlyMemory<byte> symbol, ReadOnlyMemory<byte> parameters, CvmLoadOptions options, Findings findings)
    {
        var graph = Try(findings, () => CheckGraph(SymbolParser.Parse(symbol, options.SymbolName), findings));
        var entries = Try(findings, () => CvmParamsReader.Read(parameters, options.ParamsName));
        if (graph is not { } checkedGraph || entries is null) return null;
        var (nodes, shapes, inference) = checkedGraph;
        var binder = new ParamsBinder(parameters, options.ParamsName, nodes, shapes, findings);
        binder.Bind(entries, options.MaxMemory);
        return findings.Any ? null : new ModelAssembly(nodes, shapes, inference, binder).Build();
    }

    /// <summary>§6, steps 2 to 5; null where the lists do not even allow the parameters to be looked at.</summary>
    private static CheckedGraph? CheckGraph(SymbolFile file, Findings findings)
    {
        TableChecks.CheckArgumentNames(file, findings);
        var nodes = NodeTable.Resolve(file, findings);
        new ListChecks(nodes, findings).Check();
        TableChecks.CheckVersion(nodes, findings);
        TableChecks.CheckOrder(nodes, findings);
        if (findings.Any) return null;
        var shapes = ListChecks.Shapes(nodes);
        var inference = new Inference(nodes, shapes, findings);
        inference.Run();
        Setup.Check(nodes, shapes, findings);
        return new CheckedGraph(nodes, shapes, inference);
    }

    private static T? Try<T>(Findings findings, Func<T?> read) where T : class
    {
        try
        {
            return read();
        }
        catch (DiagnosticException error)
        {
            findings.Add(error);
            return null;
        }
    }

    private sealed record CheckedGraph(NodeTable Nodes, Shape[] Shapes, Inference Inference);
}
