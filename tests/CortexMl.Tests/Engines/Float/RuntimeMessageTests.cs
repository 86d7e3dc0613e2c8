using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Frontends.Onnx.Schema;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Engines.Float;

/// <summary>What ONNX Runtime says is shown without its error codes, source files and function signatures.</summary>
public class RuntimeMessageTests
{
    [Theory]
    [InlineData(
        "[ErrorCode:Fail] Exception during initialization: /onnxruntime_src/onnxruntime/core/providers/cpu/nn/pool_attributes.h:88 "
        + "onnxruntime::PoolAttributes::PoolAttributes(const KernelInfoType&, const std::string&, int) [with KernelInfoType = "
        + "onnxruntime::OpKernelInfo; std::string = std::__cxx11::basic_string<char>] pads[dim] < kernel_shape[dim] && "
        + "pads[dim + kernel_shape.size()] < kernel_shape[dim] was false. Pad should be smaller than kernel.\n",
        "Pad should be smaller than kernel.")]
    [InlineData(
        "[ErrorCode:RuntimeException] Non-zero status code returned while running Gather node. Name:'emb' Status Message: "
        + "/onnxruntime_src/core/providers/cpu/tensor/gather.cc:12 void onnxruntime::Gather::Compute(int) const idx < 4 was false. \n",
        "Gather 'emb': idx < 4 was false")]
    [InlineData("[ErrorCode:InvalidArgument] Got invalid dimensions for input: data", "Got invalid dimensions for input: data")]
    [InlineData("[ErrorCode:InvalidProtobuf] Load model failed:Protobuf parsing failed.", "Load model failed:Protobuf parsing failed.")]
    public void Messages_are_cut_to_their_reason(string message, string expected) =>
        Assert.Equal(expected, RuntimeMessage.Essential(message));

    public static TheoryData<string> RefusedNetworks => ["pads", "size", "unknown", "type", "axis"];

    /// <summary>As this version of the runtime says it.</summary>
    [Theory]
    [MemberData(nameof(RefusedNetworks))]
    public void Nothing_of_the_runtimes_build_is_shown(string kind)
    {
        var node = kind switch
        {
            "pads" => Node("MaxPool", "x", "y", Ints("kernel_shape", 1, 1), Ints("pads", 1, 1, 1, 1)),
            "size" => Node("LRN", "x", "y", Int("size", 2)),
            "unknown" => Node("NoSuchOperator", "x", "y"),
            "type" => Node("Not", "x", "y"),
            _ => Node("Concat", "x x", "y", Int("axis", 9)),
        };
        var error = Assert.Throws<DiagnosticException>(() =>
            new FloatSession(Model(17, [1, 2, 4, 4], node).ToByteArray(), ["x"], ["y"], FloatOptions.Calibration).Dispose());
        Assert.DoesNotMatch(@"/onnxruntime|_src|\.(h|cc|cpp):\d|::|\[with|ErrorCode|std::", error.Message);
        Assert.Matches("^error CML0750: ONNX Runtime refused the network: \\w", error.Message);
    }
}
