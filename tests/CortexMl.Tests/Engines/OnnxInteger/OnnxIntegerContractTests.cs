using CortexMl.Diagnostics;
using CortexMl.Engines.OnnxInteger;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Engines.OnnxInteger;

/// <summary>Every operator as ONNX Runtime computes it from integers, all values of a graph among the outputs.</summary>
public sealed class OnnxIntegerContractTests : EngineContract
{
    /// <summary>Inputs are clamped as the CVM does it: the interpreter takes them as they are.</summary>
    protected override void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs) => Agreement.Check(
        "onnx-integer",
        observe => new OnnxIntegerEngine(ExactExporter.Instance, new OnnxIntegerOptions { Observe = observe }),
        graph,
        [.. graph.Inputs.Zip(inputs, (input, tensor) => Clamped(tensor, (int)input.Type.Element.Bound))]);

    /// <summary>Boxes of any 32-bit corners have areas beyond 64 bits; nothing else is refused.</summary>
    protected override void CheckOperator(Graph graph, IReadOnlyList<Tensor<int>> inputs)
    {
        try
        {
            Check(graph, inputs);
        }
        catch (DiagnosticException refused) when (graph.Operations.Any(o => o.Spec == CvmDetection.NonMaxSuppression))
        {
            Assert.All(refused.Diagnostics, told => Assert.Equal(OnnxCodes.NotExact, told.Code));
            Assert.Equal(32, graph.Inputs[0].Type.Precision);
        }
    }

    /// <summary>As many as the CVM's precisions allow: the bytes' own sum, 255 · 255 · 65535, has its highest bit in the sign.</summary>
    [Theory]
    [InlineData(127, 127)]
    [InlineData(-127, 127)]
    [InlineData(-127, -127)]
    public void Longest_sums_of_largest_products_are_exact(int element, int weight)
    {
        const int Products = 65535;
        var build = new GraphBuilder("g", Level.Cvm);
        var data = build.Input("x", TensorType.Integer(8, Shape.Of(1, Products)));
        var weights = build.Constant("w", Tensor.Create(Shape.Of(1, Products), Enumerable.Repeat(weight, Products).ToArray()), 8);
        build.Output(build.Op(CvmConv.Dense, [data, weights], Attributes.Of(("units", 1), ("use_bias", false))));
        Check(build.Build(), [Tensor.Create(data.Type.Shape, Enumerable.Repeat(element, Products).ToArray())]);
    }

    private static Tensor<int> Clamped(Tensor<int> tensor, int bound) =>
        Tensor.Create(tensor.Shape, Array.ConvertAll(tensor.Data, x => Math.Clamp(x, -bound, bound)));
}
