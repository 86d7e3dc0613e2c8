using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Compiling;

/// <summary>A graph as model.cml, with the file in which its larger constants stand.</summary>
internal static class ModelText
{
    public const string FileName = "model.cml", TensorsName = "model.npz";

    private const string ParamsName = "params";

    /// <summary>model.cml whose constants are those of the CVM file beside it.</summary>
    public static OutputFile BesideParams(Graph graph) =>
        OutputFile.Text(
            FileName, TextPrinter.Print(graph, new PrintOptions { Place = (name, _) => new ConstantOrigin.File(ParamsName, name) }));

    /// <summary>model.cml of a graph of any level, and model.npz with the constants that are too large to be listed.</summary>
    public static IReadOnlyList<OutputFile> Alone(Graph graph, string fileName = FileName, string tensorsName = TensorsName)
    {
        var moved = WithoutOrigins(graph);
        var large = moved.Constants.Where(c => c.Constant!.Tensor.Length > PrintOptions.Default.InlineLimit)
            .Select(c => (c.Result.Name!, c.Constant!.Tensor)).ToList();
        string text = TextPrinter.Print(moved, new PrintOptions { Place = (name, _) => new ConstantOrigin.File(tensorsName, name) });
        return large.Count == 0
            ? [OutputFile.Text(fileName, text)]
            : [OutputFile.Text(fileName, text), new OutputFile(tensorsName, stream => NpzWriter.Write(stream, large))];
    }

    /// <summary>Files that a constant came from are not beside the new text.</summary>
    private static Graph WithoutOrigins(Graph graph) => GraphCopy.Of(graph, constant => new ConstantData(constant.Tensor));
}
