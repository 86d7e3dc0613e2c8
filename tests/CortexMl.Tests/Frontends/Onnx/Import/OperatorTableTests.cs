using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Read;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>The table of operators (<c>cortexml ops --frontend onnx</c>) is complete, and says what an importer does.</summary>
public class OperatorTableTests
{
    private const string Microsoft = "com.microsoft.";

    /// <summary>Every operator that ONNX's own domain has or had, up to the newest opset that is read (28).</summary>
    private const string All = """
        Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh Attention AveragePool BatchNormalization Bernoulli
        BitCast BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike CausalConvWithState Ceil Celu
        CenterCropPad Clip Col2Im Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos
        Cosh CumProd CumSum DFT DeformConv DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal
        Erf Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool
        GlobalMaxPool Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax
        Identity If ImageDecoder InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual
        LinearAttention Log LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean
        MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss NonMaxSuppression
        NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow QLinearConv QLinearMatMul
        QuantizeLinear RMSNormalization RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal
        ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
        RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round STFT Scan Scatter ScatterElements
        ScatterND Selu SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape
        Shrink Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split
        SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum SwiGLU Swish Tan Tanh TensorScatter
        TfIdfVectorizer ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor
        """;

    public static TheoryData<string> Refused => [.. OnnxOps.Rows.Where(r => r.Refusal is not null).Select(r => r.Name)];

    /// <summary>Rows that work on constants alone.</summary>
    public static TheoryData<string> AtImport =>
        [.. OnnxOps.Rows.Where(r => r is { Refusal: null, Import: null } && r.Name != "Constant").Select(r => r.Name)];

    [Fact]
    public void Every_operator_of_ONNX_has_a_row() => Assert.DoesNotContain(
        All.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), name => OnnxOps.Find(name) is null);

    [Fact]
    public void The_list_is_that_of_the_newest_opset() => Assert.Equal(28, Opsets.Newest);

    /// <summary>A model with the operator is refused with the reason that the table has, and nothing else.</summary>
    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refusal_is_what_the_user_is_told(string name)
    {
        var row = OnnxOps.Find(name)!;
        var told = Told(name);
        Assert.Equal(FrontendCodes.UnsupportedOperators, told.Code);
        Assert.Contains(row.Refusal!, Assert.Single(told.Details), StringComparison.Ordinal);
        Assert.Equal($"not supported: {row.Refusal}", row.Doc);
    }

    /// <summary>What works on constants alone says so where its data come with the network's input.</summary>
    [Theory]
    [MemberData(nameof(AtImport))]
    public void What_is_computed_at_import_is_refused_of_data(string name)
    {
        Assert.Matches("constant|at import", OnnxOps.Find(name)!.Doc);
        Assert.Contains("it is computed at import only", Told(name).Message, StringComparison.Ordinal);
    }

    private static Diagnostic Told(string name)
    {
        bool isOurs = name.StartsWith(Microsoft, StringComparison.Ordinal);
        var node = Node(isOurs ? name[Microsoft.Length..] : name, "x", "y");
        if (isOurs) node.Domain = Microsoft[..^1];
        return Assert.Single(Assert.Throws<DiagnosticException>(() => Model(28, [1, 2, 4, 4], node).Import()).Diagnostics);
    }
}
