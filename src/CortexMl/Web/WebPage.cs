using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chaining;
using CortexMl.Data.Classes;
using CortexMl.Data.Observing;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Web;

/// <summary>A compiled folder as a page that runs it in a browser, with the same integers: files for any server of files.</summary>
public static class WebPage
{
    internal const string ModelFile = "model.onnx";

    private const string Assets = "Web/";

    /// <summary>Sides of an image that one can draw.</summary>
    private const int SmallestSide = 8, LargestSide = 64;

    /// <param name="folder">A compiled folder, or one written by <c>chain pack</c>.</param>
    /// <param name="title">Of the page; null for the network's name.</param>
    /// <param name="classes">Names of the classes; null where none are known.</param>
    /// <param name="notes">Receives what the page leaves out.</param>
    /// <exception cref="DiagnosticException">
    /// CML0924: no compiled folder; CML0922: one without model.io.json; CML0256: operations without an exact form; whatever loading finds.
    /// </exception>
    public static IReadOnlyList<OutputFile> Files(
        string folder, WebRuntime runtime, string? title, ClassList? classes, ModelOptions options, DiagnosticBag notes) =>
        FolderManifest.Guard(folder, options.AcceptsEdited, () =>
        {
            var model = ModelLoader.Load(folder, options, notes);
            ChainModel.Cvm(model);
            if (model.Tail is not null)
                notes.Note(LibraryCodes.Split, "the page computes the compiled part; what comes behind it, in float, is not in it");
            var exact = ExactFile.Of(folder, model, options);
            string name = title ?? ModelLoader.WithNames(folder, model, options).Graph.Name;
            var page = Describe(name, model, exact, runtime, classes, Hex.Of(Packer.InfoHash(folder)));
            return (IReadOnlyList<OutputFile>)
            [
                .. AssetFiles(), OutputFile.Text(WebDescription.FileName, JsonText.Write(page)), OutputFile.Bytes(ModelFile, exact.Bytes),
                OutputFile.Text("README.txt", WebTexts.ReadMe(page)), .. runtime.Files,
            ];
        });

    /// <summary>The JSON schema of page.json.</summary>
    public static JsonNode Schema()
    {
        var schema = JsonText.SchemaOf<WebDescription>();
        // Of what stands in a list the exporter does not know that it may be null.
        schema["properties"]!["classes"]!["items"]!["type"] = new JsonArray("string", "null");
        return schema;
    }

    private static WebDescription Describe(
        string name, Model model, ExactModel exact, WebRuntime runtime, ClassList? classes, string infoHash)
    {
        var cvm = ChainModel.Cvm(model);
        var io = model.Io ?? throw new DiagnosticException(LibraryCodes.NoScale,
            $"'{model.Name}' does not say how real numbers become its integers: there is no {ModelIo.FileName}",
            hint: "compile the network again; the page needs what is written there");
        var shape = cvm.Graph.Outputs[0].Type.Shape;
        bool isOneRow = io.Outputs.Count == 1 && shape.Count > 1 && shape[^1] == shape.Count;
        var planes = Planes(io);
        return new(name, new WebInput(exact.Inputs[0], [.. cvm.Input.Type.Shape], cvm.InputTypeSize), io.Inputs,
            [.. io.Outputs.Zip(exact.Outputs, (port, tensor) => new WebOutput(port.Name, tensor, port.Shape, port.Scale, port.LastStep))],
            isOneRow ? WebDescription.Scores : WebDescription.Numbers,
            JsonDocument.Parse(io.Preprocessing.ToJson()).RootElement, planes is not null,
            new WebFile(ModelFile, exact.Bytes.Length),
            new WebRuntimeFiles(WebRuntime.Folder, WebRuntime.Module, WebRuntime.Binary, runtime.Version),
            new WebCall(ChainInput.SetInput, Hex.Of(FunctionSignature.Parse(ChainInput.SetInput).Selector), infoHash))
        {
            Preparation = io.Preprocessing.ToString() is { Length: > 0 } preparation ? preparation : null,
            Classes = classes is null ? null : [.. Enumerable.Range(0, classes.Count).Select(classes.NameOf)],
            Pen = planes is not null ? PenOf(planes, io) : null,
        };
    }

    /// <summary>[C, H, W] of the images that the network takes; null where its one input is no image, or none of bytes.</summary>
    private static IReadOnlyList<int>? Planes(ModelIo io)
    {
        if (io.Inputs is not [{ Shape: var input } port]) return null;
        var facts = io.CalibratedOn.FirstOrDefault(f => f.Input == port.Name);
        if (facts is not (null or { Type: "u8" })) return null;
        return facts?.Planes ?? Stored(facts) ?? input switch
        {
            [1, 1 or 3, > 1, > 1] => [.. input.Skip(1)],
            [1, var height and > 1, var width and > 1, 1 or 3] => [input[3], height, width],
            [1, > 1, > 1] => input,
            _ => null,
        };
    }

    private static IReadOnlyList<int>? Stored(InputFacts? facts) => facts?.Shape switch
    {
        [1 or 3, > 1, > 1] => facts.Shape,
        [> 1, > 1] => [1, .. facts.Shape],
        _ => null,
    };

    private static WebPen? PenOf(IReadOnlyList<int> planes, ModelIo io)
    {
        bool isDrawn = planes[0] == 1 && planes.Skip(1).All(side => side is >= SmallestSide and <= LargestSide)
            && io.Preprocessing is { Resize: null, Crop: null };
        return isDrawn ? new WebPen(planes, io.Preprocessing.Invert == true ? byte.MaxValue : 0) : null;
    }

    private static IEnumerable<OutputFile> AssetFiles()
    {
        var assembly = typeof(WebPage).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Assets, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).Select(name => new OutputFile(name[Assets.Length..], to => Copy(assembly, name, to)));
    }

    private static void Copy(Assembly assembly, string name, Stream to)
    {
        using var from = assembly.GetManifestResourceStream(name)!;
        from.CopyTo(to);
    }
}
