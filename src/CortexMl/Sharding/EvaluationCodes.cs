namespace CortexMl.Sharding;

/// <summary>Diagnostics of evaluations that are cut into shards: CML1210 to CML1219.</summary>
public static class EvaluationCodes
{
    /// <summary>A part whose sums no samples add up to.</summary>
    public const string Unsound = "CML1210";

    /// <summary>A part of other models than those that merging opens.</summary>
    public const string Models = "CML1211";

    /// <summary>A part of another metric than its call asks for.</summary>
    public const string Metric = "CML1212";

    /// <summary>Note: parts that ran on different engines.</summary>
    public const string Engines = "CML1213";
}
