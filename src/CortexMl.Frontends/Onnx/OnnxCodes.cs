namespace CortexMl.Frontends.Onnx;

/// <summary>Diagnostics of reading and writing ONNX: CML0250 to CML0299.</summary>
public static class OnnxCodes
{
    /// <summary>The graph has no ONNX form: it is not at the float level, or it holds rows without one.</summary>
    public const string NotExportable = "CML0250";

    /// <summary>No opset, or one that is too new.</summary>
    public const string Opset = "CML0251";

    /// <summary>Elements of a type that is not read, or types that do not fit the operator.</summary>
    public const string ElementType = "CML0252";

    /// <summary>A tensor whose data does not fit its shape, in the model or in a file beside it.</summary>
    public const string TensorData = "CML0253";

    /// <summary>Data of a tensor in a file outside the model's folder.</summary>
    public const string ExternalPath = "CML0254";

    /// <summary>An integer network with operations that ONNX cannot stand in for: there is nothing to compare speed with.</summary>
    public const string NoPeer = "CML0255";

    /// <summary>An integer network with operations that integers of ONNX do not compute exactly, all of them.</summary>
    public const string NotExact = "CML0256";
}
