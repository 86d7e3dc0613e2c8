using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;

namespace CortexMl.Frontends.Onnx.Read;

/// <summary>Which version of the operators a model speaks.</summary>
internal static class Opsets
{
    /// <summary>The newest version whose definitions were compared with the table.</summary>
    public const int Newest = 28;

    /// <exception cref="DiagnosticException">CML0251: none, 0, or newer than <see cref="Newest"/>.</exception>
    public static int Of(ModelProto model, string file, DiagnosticBag? notes)
    {
        long[] versions = [.. model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version)];
        if (versions.Length == 0) return Missing(model, file, notes);
        long version = versions.Max();
        if (version is < 1 or > Newest)
            throw new DiagnosticException(
                OnnxCodes.Opset, $"the model has opset {version}; 1 to {Newest} are read", new SourceLocation(file),
                version > Newest ? $"export or convert it with opset {Newest} or older" : "export the model again");
        return (int)version;
    }

    /// <summary>Files of ir_version 1 and 2 know no opset and mean the first one; every newer file must say its own.</summary>
    private static int Missing(ModelProto model, string file, DiagnosticBag? notes)
    {
        if (model.IrVersion >= 3)
            throw new DiagnosticException(
                OnnxCodes.Opset, "the model names no opset for ONNX's own operators", new SourceLocation(file), "export the model again");
        notes?.Warning(
            OnnxCodes.Opset, $"the model names no opset (ir_version {model.IrVersion}); it is read as opset 1", new SourceLocation(file),
            "compare its outputs with those of the framework it came from");
        return 1;
    }
}
