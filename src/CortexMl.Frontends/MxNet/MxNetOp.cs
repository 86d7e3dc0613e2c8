using System.Collections.Frozen;
using CortexMl.Frontends.MxNet.Ops;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Frontends.MxNet;

/// <param name="Default">In MXNet's spelling; null where the attribute is required, <c>None</c> where it may be absent.</param>
/// <param name="Doc">Restriction or meaning, where the name does not say it.</param>
public sealed record MxNetAttribute(string Name, string? Default = null, string Doc = "");

/// <summary>One MXNet operator: what it is called, what it takes, and how it becomes rows of the float level.</summary>
public sealed class MxNetOp(params string[] names)
{
    /// <summary>All names under which symbol files know it, the usual one first.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>The rows it becomes, and restrictions.</summary>
    public required string Doc { get; init; }

    /// <summary>Why no model with it can be compiled, and what to do; null for operators that are imported.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Inputs that are activations; the last one repeats where <see cref="IsVariadic"/>.</summary>
    public IReadOnlyList<string> Data { get; init; } = ["data"];

    public bool IsVariadic { get; init; }

    /// <summary>Inputs behind the data that are trained; old files leave them out, then they are called <c>node_parameter</c>.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Inputs behind those that only training needs; they are dropped.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Attributes that matter at inference; of others the user is told, but for those of training and speed.</summary>
    public IReadOnlyList<MxNetAttribute> Attributes { get; init; } = [];

    private static readonly FrozenSet<string> TrainingAndSpeed = new[]
    {
        "workspace", "cudnn_off", "cudnn_tune", "num_args", "dtype", "ctx", "ctx_group", "force_mirroring", "sparse_grad",
        "momentum", "use_global_stats", "output_mean_var", "min_calib_range", "max_calib_range", "key", "ndev", "axes",
        "grad_scale", "ignore_label", "use_ignore", "normalization", "out_grad", "smooth_alpha", "valid_thresh", "margin",
        "regularization_coefficient", "use_linear", "lr_mult", "wd_mult", "is_int",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether an attribute of a file is neither read nor known to mean nothing at inference.</summary>
    internal bool IsUnread(string attribute) => Attributes.All(a => a.Name != attribute) && !TrainingAndSpeed.Contains(attribute)
        && !attribute.StartsWith("__", StringComparison.Ordinal)
        && !attribute.EndsWith("_lr_mult", StringComparison.Ordinal) && !attribute.EndsWith("_wd_mult", StringComparison.Ordinal);

    /// <summary>The parameter that a node with these attributes does without, or null.</summary>
    internal Func<NodeAttributes, string?> Without { get; init; } = _ => null;

    /// <summary>One value for each output of the node.</summary>
    internal Func<NodeImport, Value[]> Import { get; init; } = _ => throw new InvalidOperationException("the row has no importer");

    public static MxNetOp Refused(string name, string reason) => new(name) { Doc = "not supported: " + reason, Refusal = reason };

    public override string ToString() => Names[0];
}

/// <summary>Every MXNet operator that is imported, and those whose refusal has a reason, group by group.</summary>
public static class MxNetOps
{
    public static IReadOnlyList<MxNetOp> Rows { get; } =
    [
        .. MxNetLayerOps.Rows, .. MxNetNormOps.Rows, .. MxNetPoolingOps.Rows, .. MxNetResizeOps.Rows, .. MxNetMatrixOps.Rows,
        .. MxNetActivationOps.Rows, .. MxNetArithmeticOps.Rows, .. MxNetComparisonOps.Rows, .. MxNetIndexOps.Rows, .. MxNetShapeOps.Rows,
        .. MxNetPadOps.Rows, .. MxNetSliceOps.Rows, .. MxNetBroadcastOps.Rows, .. MxNetNumpyOps.Rows, .. MxNetSourceOps.Rows,
        .. MxNetReductionOps.Rows, .. MxNetDetectionOps.Rows, .. MxNetOutputOps.Rows, .. MxNetRefusedOps.Rows,
    ];

    private static readonly FrozenDictionary<string, MxNetOp> ByName =
        Rows.SelectMany(row => row.Names.Select(name => KeyValuePair.Create(name, row))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The row of an operator name or alias, or null.</summary>
    public static MxNetOp? Find(string name) => ByName.GetValueOrDefault(name);
}
