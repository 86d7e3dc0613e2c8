using CortexMl.Frontends.Onnx.Import;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Operators whose absence has a reason worth telling.</summary>
internal static class OnnxRefusedOps
{
    private const string Sequence = "sequences of tensors are not values of the CVM";
    private const string Randomness = "random numbers differ on every run; export the model for inference";

    public static readonly OnnxOp[] Rows =
    [
        .. Group(Sequence, "SequenceConstruct", "SequenceAt", "SequenceEmpty", "SequenceInsert", "SequenceErase", "SequenceLength",
            "SplitToSequence", "ConcatFromSequence"),
        .. Group(Randomness, "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial"),
    ];

    private static IEnumerable<OnnxOp> Group(string reason, params string[] names) => names.Select(name => OnnxOp.Refused(name, reason));
}
