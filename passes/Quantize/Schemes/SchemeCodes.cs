namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>Diagnostics of scheme files and of what they decide: CML0570 to CML0579.</summary>
public static class SchemeCodes
{
    /// <summary>A scheme file that is not one, or that has fields which make no sense.</summary>
    public const string Malformed = "CML0570";

    /// <summary>A scheme of another network, or lines about what the network does not have.</summary>
    public const string Mismatch = "CML0571";

    /// <summary>What was decided about a value or a layer, and nothing that reads it can do.</summary>
    public const string NotHeld = "CML0572";

    /// <summary>What is to stay in float, and is no operation of the network.</summary>
    public const string NothingRestored = "CML0573";
}
