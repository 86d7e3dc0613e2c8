namespace CortexMl.Sharding;

/// <summary>Diagnostics of work that is cut into shards: CML1200 to CML1209; those of evaluations follow from CML1210 on.</summary>
public static class ShardCodes
{
    /// <summary>A file that is no part, or no part that this version reads.</summary>
    public const string NoPart = "CML1200";

    /// <summary>A part whose bytes are not those that were written.</summary>
    public const string Damaged = "CML1201";

    /// <summary>A part of another run than the others: other model, data, preparation, options or compiler.</summary>
    public const string Foreign = "CML1202";

    /// <summary>Shards of which there is no part.</summary>
    public const string Missing = "CML1203";

    /// <summary>Several parts of one shard.</summary>
    public const string Doubled = "CML1204";

    /// <summary>What merging opens (model, data, plugins) is not what the parts were made of.</summary>
    public const string OtherRun = "CML1205";

    /// <summary>A call that cannot be cut into shards.</summary>
    public const string Indivisible = "CML1206";

    /// <summary>No shard: something else than I/N with I from 1 to N.</summary>
    public const string Shard = "CML1207";

    /// <summary>Note: a part that was there already and is this run's; nothing was computed.</summary>
    public const string Kept = "CML1208";

    /// <summary>Note: a part that was there and is computed again, and why.</summary>
    public const string Replaced = "CML1209";
}
