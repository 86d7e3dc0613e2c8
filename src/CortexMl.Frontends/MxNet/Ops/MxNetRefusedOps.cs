namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Operators whose absence has a reason worth telling.</summary>
internal static class MxNetRefusedOps
{
    private const string Detection = "which boxes it takes pixels of depends on the data; cut the model before it, and do it off the chain";
    private const string Training = "only training matches boxes with what they should be; export the model for inference";
    private const string Moves = "which elements it moves depends on the data";
    private const string Recurrent = "recurrent layers are not lowered; unroll them before export";
    private const string ControlFlow = "control flow: what runs would depend on the data; unroll it before export";
    private const string Randomness = "random numbers differ on every run; export the model for inference";
    private const string Interpolation =
        "where it samples depends on the data; _contrib_BilinearResize2D and UpSampling resize by fixed factors";

    public static readonly MxNetOp[] Rows =
    [
        .. Group(Training, "_contrib_MultiBoxTarget", "_contrib_bipartite_matching"),
        .. Group(Detection, "_contrib_Proposal", "_contrib_MultiProposal", "_contrib_ROIAlign", "ROIPooling", "_contrib_box_iou"),
        .. Group(Moves, "gather_nd", "scatter_nd", "batch_take", "SequenceMask", "SequenceLast", "SequenceReverse",
            "boolean_mask", "_contrib_boolean_mask"),
        .. Group(Recurrent, "RNN", "_rnn_param_concat"),
        .. Group(ControlFlow, "_foreach", "_while_loop", "_cond"),
        .. Group(Randomness, "_random_normal", "_random_uniform", "_sample_normal", "_sample_uniform", "_sample_multinomial", "_shuffle"),
        .. Group(Interpolation, "BilinearSampler", "GridGenerator", "SpatialTransformer"),
        MxNetOp.Refused("Custom", "its code is not in the file; write it with MXNet's own operators"),
    ];

    private static IEnumerable<MxNetOp> Group(string reason, params string[] names) => names.Select(name => MxNetOp.Refused(name, reason));
}
