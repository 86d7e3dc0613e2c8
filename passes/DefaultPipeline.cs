namespace CortexMl.Passes;

/// <summary>What <c>cortexml compile</c> runs where no <c>--passes</c> is given.</summary>
public static class DefaultPipeline
{
    /// <summary>As pipelines name it: <c>default,-fuse-scale</c>.</summary>
    public const string Name = "default";

    /// <summary>Exact rewrites of the float graph, until only what quantize knows is left.</summary>
    public const string Prepare =
        "dead-code,drop-identity,drop-output-softmax,fold-constants,finite-constants,keep-input-scale,normalize-shapes,flatten-dense,"
        + "canonicalize,slice-parts,fuse-activations,fuse-normalization,fuse-batch-norm,lower-batch-norm,fuse-scale,pad-into-conv,"
        + "fuse-scale,lower-leaky-relu,lower-lrn,lower-composites,fold-lookups,fold-constants,canonicalize,select-channels,canonicalize,"
        + "keep-input-scale,common-subexpressions,dead-code";

    /// <summary>From a prepared float graph to a proven CVM graph.</summary>
    public const string Integer =
        "check-forms,apply-scheme,calibrate,restore-float,choose-widths,lift-input-scale,center-inputs,clamp-constants,check-joins,"
        + "measure-layers,quantize,round-shift,lower-cvm,pack-inputs,align-outputs,plan-storage,bound-check";

    public const string Text = Prepare + "," + Integer;
}
