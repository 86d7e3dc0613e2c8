using CortexMl.Engines;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Runs an integer model: quantizes the inputs, then hands them to an engine.</summary>
/// <param name="scales">Scale per input; null where the data already are integers.</param>
internal sealed class IntegerRunner(Ir.Graph graph, IExecutable executable, IReadOnlyList<double>? scales) : IModelRunner
{
    public IReadOnlyList<Tensor> Run(Sample sample) => executable.Run(Inputs(graph, sample, scales));

    /// <summary>A sample as the integers that the graph takes.</summary>
    public static IReadOnlyList<Tensor<int>> Inputs(Ir.Graph graph, Sample sample, IReadOnlyList<double>? scales)
    {
        var inputs = new Tensor<int>[graph.Inputs.Count];
        for (int i = 0; i < inputs.Length; i++)
        {
            int precision = graph.Inputs[i].Type.Precision;
            inputs[i] = scales is null ? InputQuantizer.Exactly(sample.Inputs[i], precision, sample.Name) : InputQuantizer.Quantize(sample.Inputs[i], scales[i], precision);
        }
        return inputs;
    }

    public void Dispose() => executable.Dispose();
}
