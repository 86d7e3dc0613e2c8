namespace CortexMl.Frontends.Onnx;

/// <summary>Diagnostics of reading and writing ONNX: CML0250 to CML0299.</summary>
public static class OnnxCodes
{
    /// <summary>The graph has no ONNX form: it is not at the float level, or it holds rows without one.</summary>
    public const string NotExportable = "CML0250";
}
