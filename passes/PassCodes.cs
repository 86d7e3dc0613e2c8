namespace CortexMl.Passes;

/// <summary>Codes of the diagnostics of the built-in passes: CML05xx.</summary>
public static class PassCodes
{
    /// <summary>Note: a softmax at a graph output was left out.</summary>
    public const string SoftmaxDropped = "CML0540";
}
