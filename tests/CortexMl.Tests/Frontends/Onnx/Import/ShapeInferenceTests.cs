using CortexMl.Float;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Tensors;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Xunit;
using Xunit.Abstractions;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>
/// The shapes that our rows infer are those that ONNX Runtime finds when it runs, at every value: of the original file and of our own
/// export.
/// </summary>
public class ShapeInferenceTests(ITestOutputHelper output)
{
    [SkippableTheory]
    [InlineData("mnist-8/mnist-8.onnx")]
    [InlineData("mnist-8/mnist-rn.onnx")]
    [InlineData("mnist-12/mnist-12.onnx")]
    [InlineData("mnist-burn/mnist.onnx")]
    [InlineData("mnist-deepeverest/mnist.onnx")]
    [InlineData("mnist-lept/mnist.onnx")]
    [InlineData("mnist-k210/mnist_cnn.onnx")]
    [InlineData("cifar10-resnet20/resnet20.onnx")]
    [InlineData("vnncomp/mnist-net_256x2.onnx")]
    [InlineData("vnncomp/verivital_Convnet_avgpool.onnx")]
    [InlineData("vnncomp/cifar10_resnet_2b.onnx")]
    [InlineData("vnncomp/ACASXU_run2a_1_1.onnx")]
    [InlineData("super-resolution/super-resolution-10.onnx")]
    [InlineData("ultraface/version-RFB-320_without_postprocessing.onnx")]
    [InlineData("mobilenetv2-int8/mobilenetv2-12-qdq.onnx")]
    public void Every_value_of_a_network_has_the_shape_that_it_has_at_run_time(string model)
    {
        string path = SampleModelTests.At(model);
        var graph = OnnxImporter.Import(path);
        var data = Original.Random(graph, 1);
        AsExported(graph, data);
        var actual = AtRunTime(path, graph, data);
        var inferred = graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)
            .Where(v => v.Name is { } name && actual.ContainsKey(name)).ToList();
        foreach (var value in inferred) Assert.Equal((value.Name, actual[value.Name!]), (value.Name, value.Type.Shape));
        output.WriteLine($"{inferred.Count} of {actual.Count} values of the file have a value of that name here");
        Assert.True(inferred.Count * 2 > graph.Operations.Count(o => o.Constant is null), "most operations keep the name of their value");
    }

    private static void AsExported(Graph graph, Tensor<float>[] data)
    {
        Value[] values = [.. graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)];
        using var session = FloatEvaluator.Calibration.Prepare(graph, values);
        var found = session.Run(data);
        for (int i = 0; i < values.Length; i++) Assert.Equal((values[i].Name, values[i].Type.Shape), (values[i].Name, found[i].Shape));
    }

    /// <summary>Every output of every node of the file becomes an output of the model.</summary>
    private static Dictionary<string, Shape> AtRunTime(string path, Graph graph, Tensor<float>[] data)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        var known = model.Graph.Output.Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (string name in model.Graph.Node.SelectMany(n => n.Output).Where(name => name.Length > 0 && known.Add(name)))
            model.Graph.Output.Add(new ValueInfoProto { Name = name });
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        CortexMl.Engines.Float.QuietRuntime.Start();
        using var session = new InferenceSession(model.ToByteArray(), options);
        List<NamedOnnxValue> inputs = [.. graph.Inputs.Select((input, i) =>
            NamedOnnxValue.CreateFromTensor(
                input.Name, new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(data[i].Data, [.. input.Type.Shape])))];
        using var results = session.Run(inputs);
        var shapes = new Dictionary<string, Shape>(StringComparer.Ordinal);
        foreach (var result in results)
            if (DimensionsOf(result.Value) is { } dimensions) shapes[result.Name] = Shape.Of(dimensions);
        return shapes;
    }

    /// <summary>Of reals, and of the bytes between QuantizeLinear and DequantizeLinear.</summary>
    private static int[]? DimensionsOf(object value) => value switch
    {
        Microsoft.ML.OnnxRuntime.Tensors.Tensor<float> t => t.Dimensions.ToArray(),
        Microsoft.ML.OnnxRuntime.Tensors.Tensor<byte> t => t.Dimensions.ToArray(),
        Microsoft.ML.OnnxRuntime.Tensors.Tensor<sbyte> t => t.Dimensions.ToArray(),
        _ => null,
    };
}
