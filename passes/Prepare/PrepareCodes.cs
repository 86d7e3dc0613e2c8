namespace CortexMl.Passes.Prepare;

/// <summary>Codes of the diagnostics of the prepare passes: CML0540 to CML0549.</summary>
public static class PrepareCodes
{
    /// <summary>Note: a softmax at a graph output was left to the reader of its scores.</summary>
    public const string SoftmaxDropped = "CML0540";
}
