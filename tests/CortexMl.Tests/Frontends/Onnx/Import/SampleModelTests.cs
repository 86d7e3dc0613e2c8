using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Networks that others trained and exported: we compute what ONNX Runtime computes.</summary>
public class SampleModelTests
{
    [SkippableTheory]
    [InlineData("mnist-8/mnist-8.onnx")]
    [InlineData("mnist-8/mnist-rn.onnx")]
    [InlineData("mnist-8/opt-mnist-wonnx.onnx")]
    [InlineData("mnist-12/mnist-12.onnx")]
    [InlineData("mnist-burn/mnist.onnx")]
    [InlineData("mnist-deepeverest/mnist.onnx")]
    [InlineData("mnist-lept/mnist.onnx")]
    [InlineData("mnist-k210/mnist_cnn.onnx")]
    [InlineData("cifar10-resnet20/resnet20.onnx")]
    [InlineData("vnncomp/mnist-net_256x2.onnx")]
    [InlineData("vnncomp/ffnnSIGMOID__Point_6x200.onnx")]
    [InlineData("vnncomp/verivital_Convnet_avgpool.onnx")]
    [InlineData("vnncomp/verivital_Convnet_maxpool.onnx")]
    [InlineData("vnncomp/cifar10_resnet_2b.onnx")]
    [InlineData("vnncomp/ACASXU_run2a_1_1.onnx")]
    [InlineData("super-resolution/super-resolution-10.onnx")]
    [InlineData("ultraface/version-RFB-320_without_postprocessing.onnx")]
    public void Our_float_network_agrees_with_the_file(string model)
    {
        string path = At(model);
        var graph = OnnxImporter.Import(path);
        Verifier.Check(graph).ThrowIfErrors();
        Original.Agrees(path, graph, Original.Random(graph, 1));
    }

    [SkippableFact]
    public void A_quantized_model_is_read_as_its_real_network_with_clips()
    {
        var graph = OnnxImporter.Import(At("mobilenetv2-int8/mobilenetv2-12-qdq.onnx"));
        Verifier.Check(graph).ThrowIfErrors();
        Assert.Contains(graph.Operations, o => o.Spec == NnUnary.Clip);
        Assert.DoesNotContain(graph.Constants, c => c.Result.Name!.EndsWith("_zero_point", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void A_file_without_opset_is_read_as_opset_1_with_a_warning()
    {
        var notes = new DiagnosticBag();
        Verifier.Check(OnnxImporter.Import(At("super-resolution/super_resolution.onnx"), null, notes)).ThrowIfErrors();
        var warning = Assert.Single(notes.Items);
        Assert.Equal((OnnxCodes.Opset, Severity.Warning), (warning.Code, warning.Severity));
    }

    [Theory]
    [InlineData("dapp")]
    [InlineData("lenet")]
    [InlineData("mlp")]
    public void Models_of_this_repository_agree_with_their_file(string name)
    {
        string path = Repository.Path("golden", "models", $"mnist-{name}", $"mnist-{name}.onnx");
        var graph = OnnxImporter.Import(path);
        Original.Agrees(path, graph, Original.Random(graph, 2));
    }

    public static string At(string model)
    {
        string path = Path.Combine(SharedData.Folder("onnx"), Path.Combine(model.Split('/')));
        Skip.IfNot(File.Exists(path), $"../shared/data/onnx/{model} is absent");
        return path;
    }
}
