namespace CortexMl.Searching;

/// <summary>Diagnostics of searches that are planned as jobs: CML1220 to CML1229.</summary>
public static class SearchCodes
{
    /// <summary>Jobs are asked for, and no option searches.</summary>
    public const string NoSearch = "CML1220";

    /// <summary>A folder without a plan, or with one that cannot be read.</summary>
    public const string NoPlan = "CML1221";

    /// <summary>A plan of another run: other model, data, options or compiler.</summary>
    public const string OtherRun = "CML1222";

    /// <summary>Jobs that were planned and have no result.</summary>
    public const string Missing = "CML1223";

    /// <summary>A job that the plan does not have.</summary>
    public const string UnknownJob = "CML1224";

    /// <summary>A result that is not what this machine finds, or that shards do not agree on.</summary>
    public const string Disagreeing = "CML1225";
}
