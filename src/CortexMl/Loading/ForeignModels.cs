using CortexMl.Diagnostics;

namespace CortexMl.Loading;

/// <summary>Files of other tools that people take for models that can be read, and what to give in their place.</summary>
internal static class ForeignModels
{
    private static readonly (string[] Extensions, string What, string Hint)[] s_kinds =
    [
        ([".ort"], "ONNX Runtime's own form, optimised for one kind of machine", "give the .onnx file that it was made of"),
        ([".pt", ".pth", ".ckpt"], "PyTorch's", "write it with torch.onnx.export, opset 17"),
        ([".tflite"], "TensorFlow Lite's", "convert it: python -m tf2onnx.convert --tflite x.tflite --output x.onnx"),
        ([".pb", ".h5", ".keras"], "TensorFlow's", "convert it with tf2onnx to a .onnx file"),
        ([".safetensors"], "weights without a network", "write the network that they belong to as .onnx"),
        ([".params"], "MXNet's parameters without the network", "name the x-symbol.json beside it, and this file by --params"),
    ];

    /// <summary>The refusal of a file whose name says that it is one of them; null for others.</summary>
    public static DiagnosticException? Refusal(string path)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        return s_kinds.FirstOrDefault(k => k.Extensions.Contains(extension)) is { Extensions: not null } kind
            ? new DiagnosticException(LibraryCodes.UnknownModel, $"'{path}' is {kind.What}: that is not read", hint: kind.Hint) : null;
    }
}
