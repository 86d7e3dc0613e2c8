using System.Text.Json;
using System.Text.Json.Serialization;
using CortexMl.Ir.Origins;

namespace CortexMl.Web;

/// <summary>What the page has to know of a model: the file page.json.</summary>
/// <param name="Input">The model's one input, as the file model.onnx names it.</param>
/// <param name="Inputs">Of the network; several where the model takes them one behind the other.</param>
/// <param name="Kind"><c>scores</c> where the output is one row of them, one a class; <c>numbers</c> for anything else.</param>
/// <param name="Preprocessing">As in model.io.json.</param>
/// <param name="Image">Whether an image can be an input.</param>
internal sealed record WebDescription(
    string Name, WebInput Input, IReadOnlyList<ModelPort> Inputs, IReadOnlyList<WebOutput> Outputs, string Kind,
    JsonElement Preprocessing, bool Image, WebFile Model, WebRuntimeFiles Runtime, WebCall Call)
{
    public const string FileName = "page.json", Scores = "scores", Numbers = "numbers";

    /// <summary>The version of the form; the scripts of the page know it.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; } = 1;

    /// <summary>As the command line spells it; null where nothing is done.</summary>
    public string? Preparation { get; init; }

    /// <summary>Names of the classes, null for one without; null where none are known.</summary>
    public IReadOnlyList<string?>? Classes { get; init; }

    /// <summary>The small grey image that can be drawn; null where the network takes another one.</summary>
    public WebPen? Pen { get; init; }
}

/// <param name="ElementBytes">Of an element in the words of a contract, 1 or 4.</param>
internal sealed record WebInput(string Name, IReadOnlyList<int> Shape, int ElementBytes);

/// <param name="Name">The network's.</param>
/// <param name="Tensor">As model.onnx names it.</param>
/// <param name="Scale">real = integer / scale.</param>
internal sealed record WebOutput(string Name, string Tensor, IReadOnlyList<int> Shape, double Scale, LastStep? LastStep);

/// <param name="Shape">[1, H, W].</param>
/// <param name="Ground">The pixel that nothing is drawn on yet.</param>
internal sealed record WebPen(IReadOnlyList<int> Shape, int Ground);

internal sealed record WebFile(string File, long Bytes);

/// <param name="Version">Null where the files are left to be copied.</param>
internal sealed record WebRuntimeFiles(string Folder, string Module, string Wasm, string? Version);

/// <summary>The call that stores an input in the contract.</summary>
/// <param name="Selector">Its first bytes, hexadecimal.</param>
/// <param name="InfoHash">Of the model, as the chain knows it.</param>
internal sealed record WebCall(string Signature, string Selector, string InfoHash);
