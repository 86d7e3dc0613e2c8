namespace CortexMl.Engines.Float;

/// <summary>Diagnostics of the float engine: CML0750 to CML0799.</summary>
public static class FloatCodes
{
    /// <summary>ONNX Runtime refused the model.</summary>
    public const string ModelRefused = "CML0750";

    /// <summary>ONNX Runtime failed while it ran the model.</summary>
    public const string RunFailed = "CML0751";

    /// <summary>The native library of ONNX Runtime cannot be loaded on this machine.</summary>
    public const string NotAvailable = "CML0752";

    /// <summary>The number or shape of the tensors given does not fit the network's inputs.</summary>
    public const string InputShape = "CML0753";
}
