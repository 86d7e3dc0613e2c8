using CortexMl.Frontends.Onnx.Import;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Operators whose absence has a reason worth telling.</summary>
internal static class OnnxRefusedOps
{
    private const string Randomness = "random numbers differ on every run; export the model for inference";
    private const string Strings = "strings are no numbers; make numbers of them before the network";
    private const string Loss = "a loss is computed in training alone; export the network without it";

    public static readonly OnnxOp[] Rows =
    [
        .. Group(Randomness, "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Bernoulli", "Multinomial"),
        .. Group(Strings, "RegexFullMatch", "StringConcat", "StringNormalizer", "StringSplit"),
        OnnxOp.Refused("TfIdfVectorizer", "it counts words by a dictionary; count them before the network"),
        .. Group(Loss, "NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss"),
        OnnxOp.Refused("ImageDecoder", "an image is decoded before the network sees it; cut the model behind it"),
        OnnxOp.Refused("TensorScatter",
            "where it writes into its cache of keys and values comes with the data; export Attention with past_key and past_value"),
        OnnxOp.Refused("LinearAttention",
            "its state is a matrix for every position; export it in its expanded form, whose Loop or Scan is unrolled"),
    ];

    private static IEnumerable<OnnxOp> Group(string reason, params string[] names) => names.Select(name => OnnxOp.Refused(name, reason));
}
