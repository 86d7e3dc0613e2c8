using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Compiling;

/// <summary>Graphs as text, with the file in which their larger constants stand.</summary>
public static class ModelText
{
    public const string FileName = "model.cml", TensorsName = "model.npz";

    private const string ParamsName = "params";

    /// <summary>model.cml whose constants are those of the CVM file beside it.</summary>
    internal static OutputFile BesideParams(Graph graph) =>
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

    /// <summary>
    /// A text NAME of any graphs, and beside it NAME.npz with the constants that are too large to be listed: those of several graphs under
    /// <c>graph/constant</c>. Constants from a seed stay what they are.
    /// </summary>
    /// <param name="name">Of the text's file, without a folder.</param>
    public static IReadOnlyList<OutputFile> Beside(IReadOnlyList<Graph> graphs, string name, PrintOptions? options = null)
    {
        string tensors = name + ".npz";
        var large = new List<(string Key, Tensor Tensor)>();
        string text = string.Join('\n', graphs.Select(graph => TextPrinter.Print(WithoutFiles(graph), (options ?? PrintOptions.Default) with
        {
            Place = (constant, data) =>
            {
                string key = graphs.Count == 1 ? constant : $"{graph.Name}/{constant}";
                large.Add((key, data.Tensor));
                return new ConstantOrigin.File(tensors, key);
            },
        })));
        return large.Count == 0
            ? [OutputFile.Text(name, text)]
            : [OutputFile.Text(name, text), new OutputFile(tensors, stream => NpzWriter.Write(stream, large))];
    }

    /// <summary>Constants of files are what they are, without the names of the files.</summary>
    internal static Graph WithoutFiles(Graph graph) =>
        GraphCopy.Of(graph, constant => constant.Origin is ConstantOrigin.File ? new ConstantData(constant.Tensor) : constant);

    /// <summary>Files that a constant came from are not beside the new text.</summary>
    private static Graph WithoutOrigins(Graph graph) => GraphCopy.Of(graph, constant => new ConstantData(constant.Tensor));
}
